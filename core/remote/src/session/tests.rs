mod consent;
mod control;
mod ending;
mod files;
mod histories;
mod others;
mod unattended;
mod words;
