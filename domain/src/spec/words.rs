//! How the nouns of the domain stand in JSON: one word of a closed list, a checked name, an exact
//! price, a whole number of micro-dollars, a day.
//!
//! A text that is not of the list, a name that is no name and a negative amount are refused where
//! they are read, so nothing behind the reader has to look again.

use std::borrow::Cow;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use crate::data_class::DataClass;
use crate::frontier::Standing;
use crate::intent::ServiceKind;
use crate::ledger::Origin;
use crate::name::Name;
use crate::objective::{MeasuredAt, Operations, UserKind};
use crate::offer::{Architecture, Peculiarity, PriceBasis, Provider, PurchaseTerm};
use crate::outcome::Severity;
use crate::plan::{Certainty, Claim, CostCategory, LatencyForm, Pursuit, Resource};
use crate::policy::{AuthorKind, Stage};
use crate::topology::Balancing;
use crate::units::{MicroDollars, MilliUnits, UnitPrice};
use crate::verification::{Method, Status, Verdict};

impl MeasuredAt {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Balancer => "load_balancer",
            Self::Client => "client",
        }
    }
}

/// Lets an enumeration be written as the word of its `as_str` and read back from it. A variant
/// that is missing from the list does not compile.
macro_rules! words {
    ($($type:ty: $($variant:ident)+;)+) => {$(
        const _: fn($type) = |word| match word { $(<$type>::$variant => (),)+ };

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const WORDS: &[&str] = &[$(<$type>::$variant.as_str()),+];
                let text = Cow::<str>::deserialize(deserializer)?;
                $(if text == <$type>::$variant.as_str() {
                    return Ok(<$type>::$variant);
                })+
                Err(D::Error::unknown_variant(&text, WORDS))
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "enum": [$(<$type>::$variant.as_str()),+]})
            }
        }
    )+};
}

words! {
    Architecture: X86_64 Arm64;
    AuthorKind: Human Agent;
    Balancing: Random RoundRobin LeastOutstanding PowerOfTwo;
    Certainty: Certified Estimated Simulated;
    Claim: CheapestVerified Verified None;
    Pursuit: Complete Undecided RoundsSpent;
    DataClass: Personal Health Payment;
    CostCategory: Compute Storage Databases Networking;
    LatencyForm: Moment Proof;
    MeasuredAt: Balancer Client;
    Method: Sequential Exact Fixed;
    Operations: Basic Standard Advanced;
    Origin: User Default Derived Catalog;
    Peculiarity: Burstable SharedCore Flex Fractional Metal Accelerator PreviousGeneration
        ConstrainedCores NotPublic;
    PriceBasis: Published Estimated;
    Provider: Aws Azure Google;
    PurchaseTerm: OnDemand ReservedOneYear ReservedThreeYears Spot;
    Resource: Cpu Memory Network Connections Floor;
    ServiceKind: Balancer Service Cache Sql Queue External;
    Severity: High Medium Low;
    Stage: Crawl Walk Run;
    Standing: Frontier Dominated Unreached;
    Status: Verified Refuted Undecided;
    UserKind: Concurrent DailyActive Registered;
    Verdict: Pass Fail Undecided;
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|fault| D::Error::custom(format_args!("the name `{text}` {fault}")))
    }
}

impl JsonSchema for Name {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"})
    }
}

impl Serialize for UnitPrice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UnitPrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|fault| D::Error::custom(format_args!("the price `{text}` is {fault}")))
    }
}

impl JsonSchema for UnitPrice {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "UnitPrice".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"})
    }
}

/// Lets a whole number with a range of its own stand as an integer.
macro_rules! whole {
    ($type:ident as $inner:ty, $write:ident, $read:expr, max $max:expr) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.$write().serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let whole = <$inner>::deserialize(deserializer)?;
                let read: fn($inner) -> Option<$type> = $read;
                read(whole).ok_or_else(|| {
                    D::Error::custom(format_args!("{whole} is not within 0..={}", $max))
                })
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "integer", "minimum": 0, "maximum": $max})
            }
        }
    };
}

/// Nine billion dollars: a thousand such amounts can be added before a sum would not fit.
const LARGEST_AMOUNT: i64 = 9_000_000_000_000_000;

whole!(MicroDollars as i64, micros, |micros| {
    Self::new(micros).ok().filter(|_| micros <= LARGEST_AMOUNT)
}, max LARGEST_AMOUNT);
whole!(MilliUnits as u64, thousandths, |whole| {
    (whole <= Self::LIMIT.thousandths()).then(|| Self::from_thousandths(whole))
}, max MilliUnits::LIMIT.thousandths());

/// A day of the calendar, written `2026-07-20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse()
            .map(Self)
            .map_err(|_| D::Error::custom(format_args!("`{text}` is not a day like 2026-07-20")))
    }
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}
