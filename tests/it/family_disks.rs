//! Disks of families: a machine is chosen and paid with the disk that its family takes.

use domain::catalog::{Catalog, DiskProduct};
use domain::plan::Plan;
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};

use crate::support::{catalog, chain, instance, price, region};

/// Two machines that differ by a little of their price, and of which one has a disk of its own.
fn market(own_disk: f64) -> Catalog {
    let mut here = region("here");
    let common = here.disk.clone().expect("a region has one");
    let own = DiskProduct { product: "own".into(), gib_month: price(own_disk), ..common };
    here.family_disks.insert("apart".to_owned(), own);
    let mut apart = instance("apart.two", "here", (2, 1.0), 0.100);
    "apart".clone_into(&mut apart.family);
    catalog(vec![here], vec![apart, instance("common.two", "here", (2, 1.0), 0.101)])
}

/// The cheapest plan, which the check finds nothing wrong with.
fn cheapest(own_disk: f64) -> Plan {
    let catalog = market(own_disk);
    let demand = characterise(&chain(900, &[6.0]), &catalog, None).expect("the intent is sound");
    let model = Model::new(&demand, &catalog, Settings::GUARDED);
    let Optimised::Found(optimum) = optimise(&model, &[]) else { panic!("there is a plan") };
    let plan = assemble::plan(&model, &optimum);
    assert_eq!(plimsoll::check::faults(&demand, &plan, &catalog), Vec::<String>::new());
    // At another price of that disk the bill is wrong, where it is paid.
    let paid = plan.bill.lines.iter().any(|line| line.sku == "own");
    let other = plimsoll::check::faults(&demand, &plan, &market(own_disk + 0.01));
    assert_eq!(other.is_empty(), !paid, "{other:?}");
    plan
}

/// What machines and disks of the program are bought.
fn bought(plan: &Plan) -> (Vec<&str>, Vec<&str>) {
    let of = |part: &str| {
        let lines = plan.bill.lines.iter().filter(|line| line.id.contains(part));
        lines.map(|line| line.sku.as_str()).collect()
    };
    (of(".compute"), of(".disk"))
}

#[test]
fn a_dear_disk_makes_the_cheaper_machine_the_dearer_one() {
    // A thousandth of a dollar an hour is 0.73 dollars a month, and a disk has 20 GiB.
    assert_eq!(bought(&cheapest(0.20)), (vec!["common.two"], vec!["gp3"]));
    assert_eq!(bought(&cheapest(0.08)), (vec!["apart.two"], vec!["own"]));
    assert_eq!(bought(&cheapest(0.11)), (vec!["apart.two"], vec!["own"]));
    assert_eq!(bought(&cheapest(0.13)), (vec!["common.two"], vec!["gp3"]));
}
