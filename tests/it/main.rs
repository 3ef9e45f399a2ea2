//! Everything that is tested across rooms, in one binary.

mod bad_input;
mod capacity;
mod check;
mod command_line;
mod compare;
mod dominated;
mod effort;
mod explain;
mod formulation;
mod four_nines;
mod frontier;
mod grid;
mod hostile;
mod independence;
mod infeasible;
mod laws;
mod optimum;
mod readme;
mod recheck;
mod scenarios;
mod seed_phrase;
mod simulation;
mod support;
mod tidy;
mod verify;
