mod histories;
mod hostile;
mod losses;
mod pair;
mod pictures;
mod sizes;
