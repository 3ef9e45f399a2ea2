//! The judge from the outside: plain queues, whole topologies, and what must hold of any of them.

mod boundary;
mod common;
mod engine;
mod extremes;
mod properties;
mod queues;
mod theory;
mod uptime;
mod verification;
