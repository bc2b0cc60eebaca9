// Writes a blank from scratch with one library of npm: `node make.cjs LIBRARY blank.json out.xlsx REPEATS`.
// What it took stands on stdout as JSON: {"milliseconds": CPU of one workbook, the median, "version": "0.18.5"}.
"use strict";

const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

const clients = createRequire(path.join(__dirname, "../../tests/clients/package.json"));

// Cells with values, formulas and number formats, widths and heights, hidden sheets, names, locks; no other looks and
// no rules: the free edition writes neither.
function sheetjs() {
  const XLSX = clients("xlsx");
  return ({ sheets, names }) => {
    const book = XLSX.utils.book_new();
    for (const { title, hidden, widths, heights, cells, last } of sheets) {
      const sheet = { "!ref": `A1:${last}`, "!protect": { formatColumns: false, formatRows: false } };
      sheet["!cols"] = widths.map((wch) => ({ wch }));
      sheet["!rows"] = heights.map((hpt) => (hpt === null ? undefined : { hpt }));
      for (const { at, kind, value, formula, format } of cells) {
        if (kind === null) continue;
        sheet[at] = { t: kind, v: value, z: format };
        if (formula !== null) sheet[at].f = formula;
      }
      XLSX.utils.book_append_sheet(book, sheet, title);
      book.Workbook ??= { Sheets: [], Names: names.map(([Name, Ref]) => ({ Name, Ref })) };
      book.Workbook.Sheets.push({ Hidden: hidden ? 1 : 0 });
    }
    return XLSX.write(book, { type: "buffer", bookType: "xlsx", compression: true, bookSST: true });
  };
}

// Cells with values and formulas, looks, rules, colours of words, widths and heights, hidden sheets, names of
// ranges, locks, print set-up; no names of constants.
function exceljs() {
  const { Workbook } = clients("exceljs");
  return async ({ sheets, looks, names }) => {
    const book = new Workbook();
    for (const { title, hidden, widths, heights, cells, rules, colors, tab } of sheets) {
      const sheet = book.addWorksheet(title, { state: hidden ? "hidden" : "visible" });
      if (!hidden) {
        sheet.properties.tabColor = { argb: tab };
        sheet.views = [{ state: "frozen", ySplit: 1, showGridLines: false }];
        sheet.pageSetup = { orientation: "landscape", fitToPage: true, fitToWidth: 1, fitToHeight: 0 };
        widths.forEach((width, n) => {
          sheet.getColumn(n + 1).width = width;
        });
        heights.forEach((height, n) => {
          if (height !== null) sheet.getRow(n + 1).height = height;
        });
      }
      for (const { row, column, kind, value, formula, look } of cells) {
        const cell = sheet.getCell(row, column);
        if (look !== null) cell.style = looks[look];
        if (formula !== null) cell.value = { formula, result: value };
        else if (kind !== null) cell.value = value;
      }
      for (const [cell, rule] of rules) sheet.getCell(cell).dataValidation = rule;
      for (const [ref, formulae, color] of colors)
        sheet.addConditionalFormatting({
          ref,
          rules: [{ type: "expression", formulae: [formulae], style: { font: { color: { argb: color } } } }],
        });
      await sheet.protect("", { formatColumns: true, formatRows: true });
    }
    for (const [name, ref] of names) book.definedNames.add(ref, name);
    return Buffer.from(await book.xlsx.writeBuffer());
  };
}

async function main() {
  const [library, input, output, repeats] = process.argv.slice(2);
  const make = { xlsx: sheetjs, exceljs }[library]();
  const blank = JSON.parse(fs.readFileSync(input, "utf8"));
  const took = [];
  let content = await make(blank);
  for (let n = 0; n < 3; n += 1) await make(blank);
  for (let n = 0; n < repeats; n += 1) {
    const before = process.cpuUsage();
    content = await make(blank);
    const { user, system } = process.cpuUsage(before);
    took.push((user + system) / 1000);
  }
  fs.writeFileSync(output, content);
  const milliseconds = took.sort((a, b) => a - b)[Math.floor(took.length / 2)];
  const { version } = clients(`${library}/package.json`);
  process.stdout.write(JSON.stringify({ milliseconds, version }));
}

main();
