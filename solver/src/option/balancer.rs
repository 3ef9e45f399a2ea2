//! A managed balancer: bought with the layout, so its option is the product itself.

use domain::units::MicroDollars;

use super::{Found, Source};

/// The one way to have the managed balancer, which is the least of them all. Its hours and units
/// are lines of the layout.
pub(super) fn managed<'a>(source: &Source<'_, 'a>, found: &mut Found<'a, '_>) {
    let option = source.floor(MicroDollars::ZERO);
    if found.admits(option.cost.expected) {
        found.take(option);
    }
}
