//! How the load moves over the day and the years, and how often change hurts.

use super::{Walker, joined, shown};
use crate::area::Country;
use crate::intent::bands;
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Node, Value};
use crate::intent::{Shape, Traffic};
use crate::ledger::Stated;
use crate::objective::Operations;
use crate::units::Ratio;

const TRAFFIC: &[&str] = &["shape", "growth", "horizon", "users_in"];

/// As many as there are.
const COUNTRIES: usize = 249;

impl Walker<'_> {
    pub(super) fn traffic(&mut self, node: &Node) -> Traffic {
        let mut traffic = Traffic::default();
        for entry in self.mapping(node, "traffic").unwrap_or_default() {
            let value = &entry.value;
            match entry.key.as_str() {
                "shape" => traffic.shape = self.shape(value),
                "growth" => traffic.growth = self.growth(value),
                "horizon" => {
                    traffic.horizon = self.quantity(value, "traffic.horizon", &bands::HORIZON);
                }
                "users_in" => traffic.users_in = self.users_in(value),
                _ => self.strange_key(entry, "traffic", TRAFFIC, &[]),
            }
        }
        traffic
    }

    /// Where the users are: countries by their codes, each once.
    fn users_in(&mut self, node: &Node) -> Option<Stated<Vec<Country>>> {
        let path = "traffic.users_in";
        let mut countries: Vec<Country> = Vec::new();
        let items = self.list(node, path, COUNTRIES)?;
        if items.is_empty() {
            let help = "name one, or leave the key out";
            self.note(IntentFault::Empty, node.place, &format!("{path} names none"), help);
        }
        for item in items {
            let Some(text) = self.text(item, path) else { continue };
            let country = text.parse().ok().filter(|country: &Country| country.is_assigned());
            match country {
                Some(country) if countries.contains(&country) => {
                    let message = format!("{path} names {country} twice");
                    self.note(IntentFault::StatedTwice, item.place, &message, "keep one of them");
                }
                Some(country) => countries.push(country),
                None => {
                    let message = format!("{path}: `{}` is not a country", shown(text));
                    let help = match text.to_uppercase().as_str() {
                        "UK" => "the United Kingdom is GB",
                        _ => "write the two capital letters of ISO 3166-1, for example: IE",
                    };
                    self.note(IntentFault::Country, item.place, &message, help);
                }
            }
        }
        countries.sort_unstable();
        Some(self.stated(countries, node, path))
    }

    fn shape(&mut self, node: &Node) -> Option<Shape> {
        let path = "traffic.shape";
        let later = ["flash_crowd", "trace"];
        if let Value::Text(word) = &node.value {
            if later.contains(&word.as_str()) {
                self.unsupported(node.place, &format!("the shape {word}"));
                return None;
            }
            let choices = [("flat", true), ("diurnal", false)];
            let flat = self.choice(node, path, &choices)?;
            let peak_to_mean = None;
            return Some(if flat { Shape::Flat } else { Shape::Diurnal { peak_to_mean } });
        }
        let mut shape = None;
        for entry in self.mapping(node, path)? {
            if entry.key != "diurnal" {
                self.strange_key(entry, path, &["diurnal", "flat"], &later);
                continue;
            }
            let mut peak_to_mean = None;
            for entry in self.mapping(&entry.value, "traffic.shape.diurnal").unwrap_or_default() {
                let path = joined("traffic.shape.diurnal", &entry.key);
                if entry.key == "peak_to_mean" {
                    peak_to_mean = self.quantity(&entry.value, &path, &bands::PEAK_TO_MEAN);
                } else {
                    self.strange_key(entry, "traffic.shape.diurnal", &["peak_to_mean"], &[]);
                }
            }
            shape = Some(Shape::Diurnal { peak_to_mean });
        }
        shape
    }

    /// `20%/year`: growth without its span of time could be anything.
    fn growth(&mut self, node: &Node) -> Option<Stated<Ratio>> {
        let path = "traffic.growth";
        let text = self.text(node, path)?;
        let trimmed = text.trim_end();
        let yearly = ["/year", "/ year", "per year", "a year"];
        let percent = yearly.iter().find_map(|unit| trimmed.strip_suffix(unit));
        let Some(percent) = percent else {
            let message = format!("traffic.growth is {}, without a span of time", shown(text));
            let help = format!("write {}/year", shown(trimmed));
            self.note(IntentFault::Unit, node.place, &message, help);
            return None;
        };
        let node = Node::text(percent, node.place);
        self.quantity(&node, path, &bands::SHARE)
    }

    pub(super) fn operations(&mut self, node: &Node) -> Option<Stated<Operations>> {
        let choices = Operations::ALL.map(|level| (level.as_str(), level));
        let level = self.choice(node, "operations", &choices)?;
        Some(self.stated(level, node, "operations"))
    }
}
