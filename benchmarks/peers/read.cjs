// Reads the cells of every workbook of a folder with SheetJS: `node read.cjs FOLDER WARM`.
// On stdout as JSON: {"milliseconds": CPU of one file, the mean behind the first WARM, "version": "0.18.5",
// "cells": of the first file, sheet → [[row, column, value], …]}; days are numbers, as the file has them.
"use strict";

const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

const clients = createRequire(path.join(__dirname, "../../tests/clients/package.json"));
const XLSX = clients("xlsx");

function cells(content) {
  const book = XLSX.read(content, { dense: true, cellFormula: false, cellHTML: false, cellText: false });
  const found = {};
  for (const name of book.SheetNames) {
    const own = (found[name] = []);
    (book.Sheets[name]["!data"] ?? book.Sheets[name]).forEach((row, r) =>
      row?.forEach((cell, c) => {
        if (cell?.v !== undefined && cell.v !== "") own.push([r + 1, c + 1, cell.v]);
      })
    );
  }
  return found;
}

const [folder, warm] = [process.argv[2], Number(process.argv[3])];
const files = fs.readdirSync(folder).sort().map((name) => fs.readFileSync(path.join(folder, name)));
files.slice(0, warm).forEach(cells);
const start = process.cpuUsage();
files.slice(warm).forEach(cells);
const { user, system } = process.cpuUsage(start);
const milliseconds = (user + system) / 1000 / (files.length - warm);
process.stdout.write(JSON.stringify({ milliseconds, version: XLSX.version, cells: cells(files[0]) }));
