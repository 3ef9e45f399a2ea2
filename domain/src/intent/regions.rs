//! The regions of the three clouds and the places that people call them by.
//!
//! A place is never taken for a region: two clouds have one in Ireland, and laws care which. It is
//! answered with the regions that stand there. Source: the clouds' public lists of regions.

use crate::offer::Provider;

/// A region, and the cities and countries that it stands in.
type Row = (&'static str, &'static [&'static str]);

const AWS: &[Row] = &[
    ("us-east-1", &["virginia", "northern virginia", "ashburn"]),
    ("us-east-2", &["ohio", "columbus"]),
    ("us-west-1", &["california", "northern california", "san francisco"]),
    ("us-west-2", &["oregon", "portland", "seattle"]),
    ("ca-central-1", &["montreal", "canada"]),
    ("ca-west-1", &["calgary"]),
    ("mx-central-1", &["mexico"]),
    ("sa-east-1", &["sao paulo", "s\u{e3}o paulo", "brazil"]),
    ("eu-west-1", &["dublin", "ireland"]),
    ("eu-west-2", &["london", "uk", "united kingdom", "england", "britain"]),
    ("eu-west-3", &["paris", "france"]),
    ("eu-central-1", &["frankfurt", "germany"]),
    ("eu-central-2", &["zurich", "z\u{fc}rich", "switzerland"]),
    ("eu-north-1", &["stockholm", "sweden"]),
    ("eu-south-1", &["milan", "italy"]),
    ("eu-south-2", &["aragon", "spain"]),
    ("il-central-1", &["tel aviv", "israel"]),
    ("me-south-1", &["bahrain"]),
    ("me-central-1", &["dubai", "uae", "emirates"]),
    ("af-south-1", &["cape town", "south africa"]),
    ("ap-east-1", &["hong kong"]),
    ("ap-south-1", &["mumbai", "india"]),
    ("ap-south-2", &["hyderabad"]),
    ("ap-southeast-1", &["singapore"]),
    ("ap-southeast-2", &["sydney", "australia"]),
    ("ap-southeast-3", &["jakarta", "indonesia"]),
    ("ap-southeast-4", &["melbourne"]),
    ("ap-southeast-5", &["malaysia", "kuala lumpur"]),
    ("ap-southeast-7", &["thailand", "bangkok"]),
    ("ap-northeast-1", &["tokyo", "japan"]),
    ("ap-northeast-2", &["seoul", "korea", "south korea"]),
    ("ap-northeast-3", &["osaka"]),
    ("cn-north-1", &["beijing", "china"]),
    ("cn-northwest-1", &["ningxia"]),
];

const AZURE: &[Row] = &[
    ("eastus", &["virginia"]),
    ("eastus2", &["virginia"]),
    ("centralus", &["iowa"]),
    ("northcentralus", &["chicago", "illinois"]),
    ("southcentralus", &["texas", "san antonio"]),
    ("westus", &["california"]),
    ("westus2", &["washington", "seattle"]),
    ("westus3", &["arizona", "phoenix"]),
    ("westcentralus", &["wyoming"]),
    ("canadacentral", &["toronto", "canada"]),
    ("canadaeast", &["quebec"]),
    ("mexicocentral", &["mexico"]),
    ("brazilsouth", &["sao paulo", "s\u{e3}o paulo", "brazil"]),
    ("chilecentral", &["santiago", "chile"]),
    ("northeurope", &["dublin", "ireland"]),
    ("westeurope", &["amsterdam", "netherlands"]),
    ("uksouth", &["london", "uk", "united kingdom", "england", "britain"]),
    ("ukwest", &["cardiff", "wales"]),
    ("francecentral", &["paris", "france"]),
    ("germanywestcentral", &["frankfurt", "germany"]),
    ("switzerlandnorth", &["zurich", "z\u{fc}rich", "switzerland"]),
    ("switzerlandwest", &["geneva"]),
    ("norwayeast", &["oslo", "norway"]),
    ("swedencentral", &["gavle", "g\u{e4}vle", "sweden"]),
    ("polandcentral", &["warsaw", "poland"]),
    ("italynorth", &["milan", "italy"]),
    ("spaincentral", &["madrid", "spain"]),
    ("austriaeast", &["vienna", "austria"]),
    ("israelcentral", &["israel"]),
    ("qatarcentral", &["doha", "qatar"]),
    ("uaenorth", &["dubai", "uae", "emirates"]),
    ("southafricanorth", &["johannesburg", "south africa"]),
    ("centralindia", &["pune", "india"]),
    ("southindia", &["chennai"]),
    ("westindia", &["mumbai"]),
    ("eastasia", &["hong kong"]),
    ("southeastasia", &["singapore"]),
    ("indonesiacentral", &["jakarta", "indonesia"]),
    ("malaysiawest", &["malaysia", "kuala lumpur"]),
    ("japaneast", &["tokyo", "japan"]),
    ("japanwest", &["osaka"]),
    ("koreacentral", &["seoul", "korea", "south korea"]),
    ("koreasouth", &["busan"]),
    ("australiaeast", &["sydney", "australia"]),
    ("australiasoutheast", &["melbourne"]),
    ("australiacentral", &["canberra"]),
    ("newzealandnorth", &["auckland", "new zealand"]),
];

const GOOGLE: &[Row] = &[
    ("us-central1", &["iowa", "council bluffs"]),
    ("us-east1", &["south carolina"]),
    ("us-east4", &["virginia", "northern virginia", "ashburn"]),
    ("us-east5", &["ohio", "columbus"]),
    ("us-south1", &["texas", "dallas"]),
    ("us-west1", &["oregon", "portland"]),
    ("us-west2", &["los angeles", "california"]),
    ("us-west3", &["utah", "salt lake city"]),
    ("us-west4", &["nevada", "las vegas"]),
    ("northamerica-northeast1", &["montreal", "canada"]),
    ("northamerica-northeast2", &["toronto"]),
    ("northamerica-south1", &["mexico"]),
    ("southamerica-east1", &["sao paulo", "s\u{e3}o paulo", "brazil"]),
    ("southamerica-west1", &["santiago", "chile"]),
    ("europe-west1", &["belgium", "brussels"]),
    ("europe-west2", &["london", "uk", "united kingdom", "england", "britain"]),
    ("europe-west3", &["frankfurt", "germany"]),
    ("europe-west4", &["netherlands", "eemshaven"]),
    ("europe-west6", &["zurich", "z\u{fc}rich", "switzerland"]),
    ("europe-west8", &["milan", "italy"]),
    ("europe-west9", &["paris", "france"]),
    ("europe-west10", &["berlin"]),
    ("europe-west12", &["turin"]),
    ("europe-central2", &["warsaw", "poland"]),
    ("europe-north1", &["finland", "helsinki"]),
    ("europe-north2", &["stockholm", "sweden"]),
    ("europe-southwest1", &["madrid", "spain"]),
    ("me-west1", &["tel aviv", "israel"]),
    ("me-central1", &["doha", "qatar"]),
    ("me-central2", &["dammam", "saudi arabia"]),
    ("africa-south1", &["johannesburg", "south africa"]),
    ("asia-east1", &["taiwan", "taipei"]),
    ("asia-east2", &["hong kong"]),
    ("asia-northeast1", &["tokyo", "japan"]),
    ("asia-northeast2", &["osaka"]),
    ("asia-northeast3", &["seoul", "korea", "south korea"]),
    ("asia-south1", &["mumbai", "india"]),
    ("asia-south2", &["delhi"]),
    ("asia-southeast1", &["singapore"]),
    ("asia-southeast2", &["jakarta", "indonesia"]),
    ("australia-southeast1", &["sydney", "australia"]),
    ("australia-southeast2", &["melbourne"]),
];

/// Parts of the world, each with one region of every cloud.
const PARTS: &[(&str, [&str; 3])] = &[
    ("europe", ["eu-west-1", "westeurope", "europe-west1"]),
    ("eu", ["eu-west-1", "westeurope", "europe-west1"]),
    ("us", ["us-east-1", "eastus", "us-central1"]),
    ("usa", ["us-east-1", "eastus", "us-central1"]),
    ("united states", ["us-east-1", "eastus", "us-central1"]),
    ("america", ["us-east-1", "eastus", "us-central1"]),
    ("north america", ["us-east-1", "eastus", "us-central1"]),
    ("south america", ["sa-east-1", "brazilsouth", "southamerica-east1"]),
    ("asia", ["ap-southeast-1", "southeastasia", "asia-southeast1"]),
    ("africa", ["af-south-1", "southafricanorth", "africa-south1"]),
    ("middle east", ["me-central-1", "uaenorth", "me-central1"]),
];

const fn table(provider: Provider) -> &'static [Row] {
    match provider {
        Provider::Aws => AWS,
        Provider::Azure => AZURE,
        Provider::Google => GOOGLE,
    }
}

/// The cloud that has a region of this name.
pub(super) fn provider_of(region: &str) -> Option<Provider> {
    let has = |provider: &Provider| table(*provider).iter().any(|(name, _)| *name == region);
    Provider::ALL.into_iter().find(has)
}

/// The regions that stand in a place, of the clouds that are allowed; none for an unknown place.
pub(super) fn regions_in(place: &str, allowed: &[Provider]) -> Vec<&'static str> {
    let part = PARTS.iter().find(|(name, _)| *name == place);
    let mut found = Vec::new();
    for (at, provider) in Provider::ALL.into_iter().enumerate() {
        if !allowed.is_empty() && !allowed.contains(&provider) {
            continue;
        }
        found.extend(part.map(|(_, regions)| regions[at]));
        let here = table(provider).iter();
        found.extend(here.filter(|(_, places)| places.contains(&place)).map(|(name, _)| *name));
    }
    found
}

/// Whether people call a region by this name, whichever cloud is allowed.
pub(super) fn is_place(word: &str) -> bool {
    !regions_in(word, &[]).is_empty()
}

/// Every region of the clouds that are allowed, AWS first.
pub(super) fn names(allowed: &[Provider]) -> impl Iterator<Item = &'static str> {
    Provider::ALL
        .into_iter()
        .filter(|provider| allowed.is_empty() || allowed.contains(provider))
        .flat_map(|provider| table(provider).iter().map(|(name, _)| *name))
}

/// What to write for a place or a mistyped region.
pub(super) fn suggestion(word: &str, allowed: &[Provider]) -> String {
    let mut found = regions_in(word, allowed);
    if found.is_empty() {
        found = regions_in(word, &[]);
    }
    if !found.is_empty() {
        return format!("try {}", found.join(" or "));
    }
    // us-east-1a is a zone; a plan chooses the zones itself.
    if let Some(region) = word
        .strip_suffix(|letter: char| letter.is_ascii_lowercase())
        .filter(|region| provider_of(region.trim_end_matches('-')).is_some())
    {
        let region = region.trim_end_matches('-');
        return format!("try {region}: the zones are chosen by the plan");
    }
    match super::nearest::nearest(word, names(allowed)) {
        Some(region) => format!("did you mean `{region}`?"),
        None => "for example: us-east-1, westeurope or europe-west1".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_is_answered_with_the_regions_there() {
        assert_eq!(suggestion("dublin", &[]), "try eu-west-1 or northeurope");
        assert_eq!(suggestion("dublin", &[Provider::Aws]), "try eu-west-1");
        assert_eq!(suggestion("belgium", &[Provider::Aws]), "try europe-west1");
        assert_eq!(suggestion("europe", &[Provider::Google]), "try europe-west1");
    }

    #[test]
    fn a_mistyped_region_is_found() {
        assert_eq!(suggestion("us-esat-1", &[]), "did you mean `us-east-1`?");
        assert_eq!(
            suggestion("us-east-1a", &[]),
            "try us-east-1: the zones are chosen by the plan"
        );
        assert!(suggestion("us-central1-a", &[]).starts_with("try us-central1:"));
    }

    #[test]
    fn a_region_belongs_to_one_cloud() {
        for provider in Provider::ALL {
            for (name, _) in table(provider) {
                assert_eq!(provider_of(name), Some(provider), "{name}");
            }
        }
        assert_eq!(provider_of("narnia-1"), None);
    }
}
