@echo off
setlocal EnableExtensions DisableDelayedExpansion
title xlplan: @TITLE@
rem Reads the campaign from the folder two above this one, wherever that is. A name of a file may hold any letter.
chcp 65001 >nul
set NoDefaultCurrentDirectoryInExePath=1
pushd "%~dp0..\.."
if errorlevel 1 goto lost
if not exist "campaign.toml" goto lost

set "XLPLAN_PYTHON="
if exist "start\python.txt" for /f "usebackq delims=" %%P in ("start\python.txt") do set "XLPLAN_PYTHON=%%P"
if not defined XLPLAN_PYTHON goto launcher
if not exist "%XLPLAN_PYTHON%" goto launcher
"%XLPLAN_PYTHON%" -P -c "import xlplan" >nul 2>nul
if errorlevel 1 goto launcher
set XLPLAN="%XLPLAN_PYTHON%" -P -m xlplan
goto run

rem Without "call" a batch file by one of these names would not come back.
:launcher
call py -3 -P -c "import xlplan" >nul 2>nul
if errorlevel 1 goto path
set XLPLAN=call py -3 -P -m xlplan
goto run

:path
call xlplan --version >nul 2>nul
if errorlevel 1 goto missing
set XLPLAN=call xlplan
goto run

:run
@ACTION@
goto ended

:missing
echo xlplan is not on this computer yet.
echo.
echo   1. Install Python 3.11 or newer from https://www.python.org/downloads/
echo   2. Open the Start menu, type cmd and press Enter; in the black window type:
echo          py -m pip install xlplan
echo   3. Start this again.
echo.
echo Or ask whoever looks after your computers to do that.
goto ended

:lost
echo The campaign was not found. This file belongs into the folder start\Windows of a campaign;
echo to have it elsewhere, make a shortcut to it instead of moving it.

:ended
echo.
popd
pause
