//! At which of the ports that rules open an edge can listen.

/// The lowest port of an edge. It speaks HTTPS, for which nobody asks at the port of plain HTTP,
/// 80, or at the ports below, which belong to other protocols.
pub const LOWEST_OF_EDGE: u16 = 81;

/// Those of some ports at which an edge can listen.
pub fn of_edge(ports: &[u16]) -> impl Iterator<Item = u16> + Clone + '_ {
    ports.iter().copied().filter(|port| *port >= LOWEST_OF_EDGE)
}
