//! The snapshot that is part of the program.

use std::collections::BTreeMap;

use domain::catalog::Catalog;

use crate::files::read_files;

/// A file of the snapshot: its path and its content.
macro_rules! file {
    ($path:literal) => {
        ($path, include_str!(concat!("../data/", $path)))
    };
}

/// Every file of the snapshot, in the order of paths.
const FILES: [(&str, &str); 46] = [
    file!("abilities.csv"),
    file!("archetypes.csv"),
    file!("archetypes/api.csv"),
    file!("archetypes/api.yaml"),
    file!("archetypes/static.csv"),
    file!("archetypes/static.yaml"),
    file!("archetypes/web.csv"),
    file!("archetypes/web.yaml"),
    file!("archetypes/worker.csv"),
    file!("archetypes/worker.yaml"),
    file!("aws/ap-southeast-1/cache.csv"),
    file!("aws/ap-southeast-1/instances.csv"),
    file!("aws/ap-southeast-1/sql.csv"),
    file!("aws/eu-central-1/cache.csv"),
    file!("aws/eu-central-1/instances.csv"),
    file!("aws/eu-central-1/sql.csv"),
    file!("aws/eu-west-1/cache.csv"),
    file!("aws/eu-west-1/instances.csv"),
    file!("aws/eu-west-1/sql.csv"),
    file!("aws/us-east-1/cache.csv"),
    file!("aws/us-east-1/instances.csv"),
    file!("aws/us-east-1/sql.csv"),
    file!("aws/us-west-2/cache.csv"),
    file!("aws/us-west-2/instances.csv"),
    file!("aws/us-west-2/sql.csv"),
    file!("azure/eastus/instances.csv"),
    file!("azure/westeurope/instances.csv"),
    file!("backups.csv"),
    file!("balancers.csv"),
    file!("boot_times.csv"),
    file!("catalog.toml"),
    file!("cdns.csv"),
    file!("countries.csv"),
    file!("defaults.csv"),
    file!("disks.csv"),
    file!("family_disks.csv"),
    file!("google/europe-west1/instances.csv"),
    file!("google/us-central1/instances.csv"),
    file!("iops.csv"),
    file!("performance.csv"),
    file!("queues.csv"),
    file!("regions.csv"),
    file!("slas.csv"),
    file!("sources.toml"),
    file!("sql_storage.csv"),
    file!("traffic.csv"),
];

/// The catalog that is part of the program.
///
/// # Panics
/// When the snapshot has a fault, which a test of every build excludes.
pub fn embedded() -> Catalog {
    read_files(&BTreeMap::from(FILES)).expect("the snapshot is read by a test of every build")
}

/// Its files, for whoever starts a catalog of their own from it.
pub fn embedded_files() -> BTreeMap<String, String> {
    FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}
