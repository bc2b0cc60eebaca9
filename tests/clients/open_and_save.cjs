// Opens workbooks with one library of npm, types into them and saves them: `node open_and_save.cjs LIBRARY < jobs.json`.
// A job: {"open": path, "save": [path, …], "type": [[sheet, a1, kind, value], …]}; the ending of a path names the format.
// What went wrong stands on stdout as JSON: {"failed": [[path, message], …]}.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const LINK = "https://example.org/";
const ending = (file) => path.extname(file).slice(1);
const day = (text) => new Date(`${text}T00:00:00Z`);

function sheetjs(name) {
  const XLSX = require(name);
  const cell = {
    text: (v) => ({ t: "s", v }),
    rich: (v) => ({ t: "s", v }),
    number: (v) => ({ t: "n", v }),
    yes: (v) => ({ t: "b", v }),
    date: (v) => ({ t: "d", v: day(v), z: "yyyy-mm-dd" }),
    link: (v) => ({ t: "s", v, l: { Target: LINK } }),
    formula: (v) => ({ t: "s", v, f: `T("${v}")` }),
  };
  return ({ open, save, type }) => {
    const book = XLSX.read(fs.readFileSync(open), { cellNF: true });
    for (const [sheet, a1, kind, value] of type) book.Sheets[sheet][a1] = cell[kind](value);
    for (const file of save) {
      const bookType = { xls: "biff8" }[ending(file)] ?? ending(file);
      fs.writeFileSync(file, XLSX.write(book, { type: "buffer", bookType, compression: true }));
    }
  };
}

function exceljs(name) {
  const { Workbook } = require(name);
  const cell = {
    text: (v) => v,
    rich: (v) => ({ richText: [{ font: { bold: true }, text: v.slice(0, 3) }, { text: v.slice(3) }] }),
    number: (v) => v,
    yes: (v) => v,
    date: day,
    link: (v) => ({ text: v, hyperlink: LINK }),
    formula: (v) => ({ formula: `T("${v}")`, result: v }),
  };
  return async ({ open, save, type }) => {
    const book = new Workbook();
    await book.xlsx.readFile(open);
    for (const [sheet, a1, kind, value] of type) book.getWorksheet(sheet).getCell(a1).value = cell[kind](value);
    for (const file of save) await book.xlsx.writeFile(file);
  };
}

function xlsxPopulate(name) {
  const populate = require(name);
  const rich = (v) => new populate.RichText().add(v.slice(0, 3), { bold: true }).add(v.slice(3));
  const type = {
    text: (cell, v) => cell.value(v),
    rich: (cell, v) => cell.value(rich(v)),
    number: (cell, v) => cell.value(v),
    yes: (cell, v) => cell.value(v),
    date: (cell, v) => cell.value(new Date(`${v}T00:00:00`)),
    link: (cell, v) => cell.value(v).hyperlink(LINK),
  };
  return async ({ open, save, type: strokes }) => {
    const book = await populate.fromFileAsync(open);
    for (const [sheet, a1, kind, value] of strokes) type[kind](book.sheet(sheet).cell(a1), value);
    for (const file of save) await book.toFileAsync(file);
  };
}

async function excelize(name) {
  const { init } = require(name);
  const library = await init(path.join(path.dirname(require.resolve(name)), "excelize.wasm.gz"));
  const sure = (result) => {
    if (result.error) throw new Error(result.error);
    return result;
  };
  return ({ open, save, type }) => {
    const book = sure(library.OpenReader(new Uint8Array(fs.readFileSync(open))));
    for (const [sheet, a1, kind, value] of type) {
      if (kind === "rich") {
        const runs = [{ Text: value.slice(0, 3), Font: { Bold: true } }, { Text: value.slice(3) }];
        sure(book.SetCellRichText(sheet, a1, runs));
      } else {
        sure(book.SetCellValue(sheet, a1, kind === "date" ? day(value).getTime() / 86_400_000 + 25_569 : value));
        if (kind === "link") sure(book.SetCellHyperLink(sheet, a1, LINK, "External"));
      }
    }
    for (const file of save) fs.writeFileSync(file, Buffer.from(sure(book.WriteToBuffer()).buffer));
  };
}

async function hucre() {
  const { openXlsx, saveXlsx } = await import("hucre/xlsx");
  return async ({ open, save, type }) => {
    const book = await openXlsx(fs.readFileSync(open));
    for (const [sheet, a1, kind, value] of type) {
      const [, letters, row] = /^([A-Z]+)(\d+)$/.exec(a1);
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      const rows = book.sheets.find((one) => one.name === sheet).rows;
      while (rows.length < row) rows.push([]);
      rows[row - 1][column] = kind === "date" ? day(value) : value;
    }
    for (const file of save) fs.writeFileSync(file, await saveXlsx(book));
  };
}

const LIBRARIES = {
  xlsx: sheetjs,
  "@e965/xlsx": sheetjs,
  exceljs,
  "@cj-tech-master/excelts": exceljs,
  "xlsx-populate": xlsxPopulate,
  "excelize-wasm": excelize,
  hucre,
};

async function main() {
  const name = process.argv[2];
  const run = await LIBRARIES[name](name);
  const failed = [];
  for (const job of JSON.parse(fs.readFileSync(0, "utf8"))) {
    try {
      await run(job);
    } catch (fault) {
      failed.push([job.open, String(fault?.stack ?? fault)]);
    }
  }
  process.stdout.write(JSON.stringify({ failed }));
}

main().then(() => process.exit(0));
