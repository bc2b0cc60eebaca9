"""Two plans compared, and several made one: by slot, pure."""
