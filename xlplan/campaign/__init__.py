"""One round of collecting: its settings, its roster, its folder, and what its files are called."""

from xlplan.campaign.files import write_safely
from xlplan.campaign.folder import Campaign, create, find_campaign, open_campaign
from xlplan.campaign.names import copy_name, copy_path, correction_path, district_folder
from xlplan.campaign.roster import Roster, School, select
from xlplan.campaign.roster_csv import read_roster, write_roster
from xlplan.campaign.settings import Settings, Waiver
from xlplan.campaign.toml_read import read_settings, settings_from
from xlplan.campaign.toml_write import settings_text, write_settings

__all__ = [
    "Campaign",
    "Roster",
    "School",
    "Settings",
    "Waiver",
    "copy_name",
    "copy_path",
    "correction_path",
    "create",
    "district_folder",
    "find_campaign",
    "open_campaign",
    "read_roster",
    "read_settings",
    "select",
    "settings_from",
    "settings_text",
    "write_roster",
    "write_safely",
    "write_settings",
]
