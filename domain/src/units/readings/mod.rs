//! Which units each quantity is read with, one file for each kind.

mod count;
mod money;
mod rate;
mod share;
mod size;
mod time;
