//! Countries, and the unions of them that laws speak of.

use std::fmt;
use std::str::FromStr;

/// A country by its two letters in ISO 3166-1: `IE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// Where a rule lets something be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The member states of the European Union.
    Eu,
    /// Those and the other states of the European Economic Area.
    Eea,
    /// One country.
    One(Country),
}

/// The member states of the European Union in November 2026 (Article 52 of its Treaty).
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The states of the European Economic Area that are not in the Union.
const EEA_BESIDE: [&str; 3] = ["IS", "LI", "NO"];

/// The codes of ISO 3166-1 that are assigned to a country or territory, as of November 2026.
const ASSIGNED: &str = "\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT \
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH \
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT \
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS \
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI \
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG \
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG \
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// That a text is no country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not two capital letters")]
pub struct NoCountry;

impl Country {
    /// Whether its letters are assigned to a country or territory.
    pub fn is_assigned(self) -> bool {
        ASSIGNED.split(' ').any(|code| code == self.as_str())
    }

    /// Whether the GDPR, or the law of the United Kingdom that was made from it, protects who is
    /// there.
    pub fn is_under_gdpr(self) -> bool {
        Area::Eea.holds(self) || self.as_str() == "GB"
    }

    /// Its two letters.
    ///
    /// # Panics
    /// Never: both are letters of ASCII.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two capital letters of ASCII")
    }
}

impl FromStr for Country {
    type Err = NoCountry;

    fn from_str(text: &str) -> Result<Self, NoCountry> {
        match text.as_bytes() {
            [one, two] if one.is_ascii_uppercase() && two.is_ascii_uppercase() => {
                Ok(Self([*one, *two]))
            }
            _ => Err(NoCountry),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Area {
    /// Whether a country is in it.
    pub fn holds(self, country: Country) -> bool {
        let member = EU.contains(&country.as_str());
        match self {
            Self::Eu => member,
            Self::Eea => member || EEA_BESIDE.contains(&country.as_str()),
            Self::One(own) => own == country,
        }
    }
}

impl Area {
    /// Whether some country is in both.
    pub fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::One(country), area) | (area, Self::One(country)) => area.holds(country),
            (Self::Eu | Self::Eea, Self::Eu | Self::Eea) => true,
        }
    }
}

impl FromStr for Area {
    type Err = NoCountry;

    fn from_str(text: &str) -> Result<Self, NoCountry> {
        match text {
            "EU" => Ok(Self::Eu),
            "EEA" => Ok(Self::Eea),
            country => country.parse().map(Self::One),
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Eu => formatter.write_str("EU"),
            Self::Eea => formatter.write_str("EEA"),
            Self::One(country) => country.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_economic_area_is_the_union_and_three_more() {
        let country = |text: &str| text.parse::<Country>().unwrap();
        assert!(Area::Eu.holds(country("IE")) && Area::Eea.holds(country("IE")));
        assert!(!Area::Eu.holds(country("NO")) && Area::Eea.holds(country("NO")));
        for outside in ["US", "GB", "CH", "SG"] {
            assert!(!Area::Eea.holds(country(outside)), "{outside}");
        }
        assert!(Area::One(country("US")).holds(country("US")));
        assert!(EU.is_sorted());
        let assigned: Vec<&str> = ASSIGNED.split(' ').collect();
        assert!(assigned.len() == 249 && assigned.is_sorted());
        assert!(EU.iter().chain(&EEA_BESIDE).all(|code| country(code).is_assigned()));
        assert!(!country("UK").is_assigned() && !country("EU").is_assigned());
        assert!(country("GB").is_under_gdpr() && country("IS").is_under_gdpr());
        assert!(!country("CH").is_under_gdpr());
        let area = |text: &str| text.parse::<Area>().unwrap();
        assert!(area("EU").meets(area("EEA")) && area("NO").meets(area("EEA")));
        assert!(!area("NO").meets(area("EU")) && !area("NO").meets(area("SE")));
        for wrong in ["us", "USA", "", "U1"] {
            assert_eq!(wrong.parse::<Area>(), Err(NoCountry), "{wrong}");
        }
        assert_eq!("EEA".parse::<Area>().unwrap().to_string(), "EEA");
    }
}
