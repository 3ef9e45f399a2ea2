//! What a model asks of its stations, from flows alone: no queueing. It sets the lengths of trials
//! and says which station to suspect of having too much to do; no figure is taken from it.

use super::convert::Converter;
use super::{fleets, upkeep};
use crate::fault::SimulatorFault;
use crate::model::{
    Arrivals, Batch, Change, Load, Model, ModelFault, Rate, Servers, Source, Station,
};
use domain::model::{Model as Document, Rate as WrittenRate};

/// Utilisation beyond which relaxation is not followed.
const UTILISATION_MOST: f64 = 0.995;
/// The most that the variation of one process counts.
const VARIATION_MOST: f64 = 100.0;
/// Rounds until the states of a modulated rate have mixed.
const ROUNDS: usize = 10_000;

/// What is known before anything is simulated, in seconds of the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outlook {
    /// Requests a second.
    pub rate: f64,
    /// The highest rate of a source, batches counted once.
    pub peak: f64,
    /// Visits for one request.
    pub visits: f64,
    /// Attempts that may become of one call, at most.
    pub attempts: f64,
    /// Service and network of one request without any waiting.
    pub idle: f64,
    /// Looks of controllers, and ends and repairs of instances, a second.
    pub upkeep: f64,
    /// Instances that are gone through for those, a second.
    pub gone_through: f64,
    /// How long the slowest station takes to forget.
    pub relaxation: f64,
    /// The shortest mean time that matters.
    pub shortest: f64,
    /// After which the rates begin anew.
    pub period: Option<f64>,
    /// When the last thing has happened that happens once.
    pub course: Option<f64>,
    /// The station with the most work, and that as a share of what it can do, where it may be too
    /// much.
    pub suspect: Option<(usize, f64)>,
    /// Whether nothing is lost anywhere, so that what is too much is too much for ever.
    pub lossless: bool,
}

impl Outlook {
    /// Of a document.
    pub(super) fn of(document: &Document) -> Result<Self, SimulatorFault> {
        let mut model = Converter { scale: 1.0, warm_up: 0.0 }.model(document);
        model.validate()?;
        fleets::grow(&mut model);
        upkeep::suppose_hits(&mut model);
        let open: Vec<f64> = model.sources.iter().map(open_rate).collect();
        let mut rates = open.clone();
        for (index, source) in model.sources.iter().enumerate() {
            if source.users.is_some() {
                rates[index] = closed_rate(&model, index)?;
            }
        }
        let loads = flat(&model, &rates).load(1.0);
        let rate: f64 = rates.iter().sum();
        let visits = loads.iter().map(|load| load.visits).sum::<f64>();
        let mut relaxation = thinking(&model).max(fleets::memory(&model));
        for (station, load) in model.stations.iter().zip(&loads) {
            relaxation = relaxation.max(relaxation_of(&model, station, load));
        }
        relaxation = relaxation.max(upkeep::filling(&model, &loads));
        let peak = |source: &Source| source.arrivals.rate.peak();
        let peak = model.sources.iter().map(peak).fold(0.0, f64::max);
        Ok(Self {
            rate,
            peak,
            visits: if rate > 0.0 { (visits / rate).max(1.0) } else { 1.0 },
            attempts: attempts(&model),
            idle: flat(&model, &rates).idle_time(),
            upkeep: fleets::looks(&model, |_| 1.0) + upkeep::deaths(&model),
            gone_through: fleets::looks(&model, size)
                + fleets::remembering(&model)
                + upkeep::gone_through(&model),
            relaxation,
            shortest: shortest(&model, peak),
            period: period(document),
            course: course(document, &model),
            suspect: suspect(&model, &flat(&model, &open).load(1.0)),
            lossless: lossless(document),
        })
    }
}

/// The work of each station at mean rates, in instances as they are there at the start.
pub(super) fn mean_work(document: &Document) -> Result<Vec<f64>, SimulatorFault> {
    let mut model = Converter { scale: 1.0, warm_up: 0.0 }.model(document);
    upkeep::suppose_hits(&mut model);
    let mut rates: Vec<f64> = model.sources.iter().map(open_rate).collect();
    for (index, source) in model.sources.iter().enumerate() {
        if source.users.is_some() {
            rates[index] = closed_rate(&model, index)?;
        }
    }
    let loads = flat(&model, &rates).load(1.0);
    let serving = |station: &Station| station.instances.iter().filter(|one| one.serving).count();
    let stations = loads.iter().zip(&model.stations);
    Ok(stations.map(|(load, station)| load.utilisation() * serving(station) as f64).collect())
}

/// Instances of a station.
fn size(station: &Station) -> f64 {
    station.instances.len() as f64
}

/// Attempts of attempts; beyond a hundred it is the clock that ends them.
fn attempts(model: &Model) -> f64 {
    let most = |retries: u8| f64::from(retries) + 1.0;
    let clients = model.sources.iter().map(|source| most(source.resilience.retries));
    let callers = model.stations.iter().map(|station| most(station.resilience.retries));
    let of_clients = clients.fold(1.0, f64::max);
    callers.fold(of_clients, |attempts, own| (attempts * own).min(100.0)).min(100.0)
}

/// The model with plain arrivals at these rates.
fn flat(model: &Model, rates: &[f64]) -> Model {
    let mut flat = model.clone();
    for (source, rate) in flat.sources.iter_mut().zip(rates) {
        source.users = None;
        source.arrivals = Arrivals::poisson(*rate);
    }
    flat
}

/// Requests a second of an open source.
fn open_rate(source: &Source) -> f64 {
    if source.users.is_some() { 0.0 } else { mean_rate(&source.arrivals.rate) * together(source) }
}

/// Requests at one moment.
fn together(source: &Source) -> f64 {
    match source.arrivals.batch {
        Batch::Single => 1.0,
        Batch::Fixed(size) => size.into(),
        Batch::Geometric(mean) => mean,
    }
}

/// At most how many requests a second a population can send: by its number, and by the busiest
/// station (the asymptotic bounds; Denning & Buzen 1978).
fn closed_rate(model: &Model, index: usize) -> Result<f64, SimulatorFault> {
    let Some(users) = &model.sources[index].users else {
        return Ok(0.0);
    };
    if users.count == 0 {
        return Ok(0.0);
    }
    let mut rates = vec![0.0; model.sources.len()];
    rates[index] = 1.0;
    let alone = flat(model, &rates);
    let cycle = users.think.mean() + alone.idle_time();
    if cycle <= 0.0 {
        let place = "population".to_owned();
        let what = "time from request to request";
        return Err(ModelFault::Number { place, what, number: cycle }.into());
    }
    let demand = alone.load(1.0).iter().map(Load::utilisation).fold(0.0, f64::max);
    Ok((f64::from(users.count) / cycle).min(1.0 / demand))
}

/// The mean of a rate over a long time; of one that changes once, its highest.
fn mean_rate(rate: &Rate) -> f64 {
    match rate {
        Rate::Repeated { rate: shape, period } => mean_over(shape, *period),
        Rate::Sine { mean, .. } => *mean,
        Rate::Modulated(states) => {
            let mut shares = vec![1.0 / states.len() as f64; states.len()];
            for _ in 0..ROUNDS {
                let mut next = vec![0.0; states.len()];
                for (share, state) in shares.iter().zip(states) {
                    let whole: f64 = state.next.iter().sum();
                    for (to, weight) in next.iter_mut().zip(&state.next) {
                        *to += share * weight / whole;
                    }
                }
                // Half a step at a time, or states in turn would never come to rest.
                let moved: f64 = next.iter().zip(&shares).map(|(new, old)| (new - old).abs()).sum();
                for (share, new) in shares.iter_mut().zip(next) {
                    *share = f64::midpoint(*share, new);
                }
                if moved < 1e-12 {
                    break;
                }
            }
            let times = shares.iter().zip(states).map(|(share, state)| share * state.stay.mean());
            let times: Vec<f64> = times.collect();
            let whole: f64 = times.iter().sum();
            times.iter().zip(states).map(|(time, state)| time / whole * state.rate).sum()
        }
        Rate::Constant(_) | Rate::Steps(_) | Rate::Lines(_) => rate.peak(),
    }
}

/// The mean of steps or lines over a period.
fn mean_over(shape: &Rate, period: f64) -> f64 {
    let (Rate::Steps(points) | Rate::Lines(points)) = shape else {
        return shape.peak();
    };
    let lines = matches!(shape, Rate::Lines(_));
    let mut sum = 0.0;
    for (index, (from, rate)) in points.iter().enumerate() {
        let end = points.get(index + 1).map_or(period, |next| next.0).min(period);
        if end <= *from {
            break;
        }
        let last = if lines { shape.at(end) } else { *rate };
        sum += f64::midpoint(*rate, last) * (end - from);
    }
    sum / period
}

/// How long clients and modulated rates take to forget.
fn thinking(model: &Model) -> f64 {
    let of_source = |source: &Source| {
        let users = source.users.as_ref().map_or(0.0, |users| users.think.mean());
        let states = match &source.arrivals.rate {
            Rate::Modulated(states) => states.iter().map(|state| state.stay.mean()).sum(),
            _ => 0.0,
        };
        users.max(states)
    };
    model.sources.iter().map(of_source).fold(0.0, f64::max)
}

/// How long a station takes to forget: the scale of a diffusion (Newell 1982), with what its
/// arrivals and its servers add to that.
fn relaxation_of(model: &Model, station: &Station, load: &Load) -> f64 {
    let serving = || station.instances.iter().filter(|instance| instance.serving);
    let servers: f64 = serving().map(|instance| f64::from(instance.servers)).sum();
    let apart = if station.balancing.counts() {
        f64::from(station.shards)
    } else {
        (serving().count() as f64).max(1.0)
    };
    let servers = (servers / apart).max(1.0);
    let utilisation = load.utilisation() / standing(station);
    let idle = 1.0 - utilisation.min(UTILISATION_MOST);
    let arrivals = |source: &Source| source.arrivals.gaps.squared_variation() * together(source);
    let arrivals = model.sources.iter().map(arrivals).fold(1.0, f64::max);
    let variation = arrivals.min(VARIATION_MOST) + load.squared_variation.min(VARIATION_MOST);
    let free = variation / 2.0 * load.service / (servers * idle * idle);
    // A queue with little room, or of people with little patience, cannot remember for longer: at
    // full load a room of q takes q²/10 services of all servers (the spectral gap of M/M/1/q).
    let patience = station.floor.patience.as_ref().map(|patience| 4.0 * patience.mean());
    let crossing = |places: f64| variation / 2.0 * places * places * load.service / servers / 5.0;
    let bounded = [patience, room(model, station).map(crossing)].into_iter().flatten();
    let own = bounded.map(|most| most + load.service).fold(free, f64::min);
    // Whoever dies forgets all of its queue; instances come and go by themselves.
    let lives = upkeep::lives(station);
    let own = if lives > 0.0 { own.min(4.0 * lives) } else { own };
    let servers = match &station.floor.servers {
        Servers::Always => 0.0,
        Servers::Failing { lasts, repair, .. } => lasts.mean() + repair.mean() / (idle * idle),
        Servers::SetUp { time } | Servers::Thresholds { start: time, .. } => time.mean() / idle,
    };
    let modulated = |source: &Source| matches!(source.arrivals.rate, Rate::Modulated(_));
    let bursts =
        if model.sources.iter().any(modulated) { thinking(model) / (idle * idle) } else { 0.0 };
    own + servers + bursts + lives
}

/// Customers that may wait at an instance of a station: as many as there is room for, or as there
/// are at all.
fn room(model: &Model, station: &Station) -> Option<f64> {
    let population: Option<u32> =
        model.sources.iter().map(|source| source.users.as_ref().map(|users| users.count)).sum();
    let places = [station.queue_limit, station.in_flight_limit, population];
    places.into_iter().flatten().min().map(f64::from)
}

/// The share of its servers that a station has on average.
fn standing(station: &Station) -> f64 {
    upkeep::living(station) * standing_servers(station)
}

fn standing_servers(station: &Station) -> f64 {
    let Servers::Failing { lasts, repair, crews } = &station.floor.servers else {
        return 1.0;
    };
    let most = station.instances.iter().map(|instance| instance.servers).max().unwrap_or(1);
    let own = lasts.mean() / (lasts.mean() + repair.mean());
    // A crew gives back no more servers than it can repair.
    own.min(f64::from(*crews) * lasts.mean() / repair.mean() / f64::from(most.max(1)))
}

/// The shortest mean time that the nanoseconds of a run have to be fine enough for.
fn shortest(model: &Model, peak: f64) -> f64 {
    let services = model.stations.iter().flat_map(|station| {
        let fastest = station.instances.iter().map(|instance| instance.speed).fold(1.0, f64::max);
        station.service.iter().map(move |service| service.mean() / fastest)
    });
    let thinking =
        model.sources.iter().filter_map(|source| Some(source.users.as_ref()?.think.mean()));
    let gap = if peak > 0.0 { 1.0 / peak } else { f64::INFINITY };
    services.chain(thinking).filter(|mean| *mean > 0.0).fold(gap, f64::min)
}

/// The longest period of a rate or a schedule.
fn period(document: &Document) -> Option<f64> {
    let periods = rates(document).filter_map(|rate| match rate {
        WrittenRate::Steps { period, .. } | WrittenRate::Lines { period, .. } => *period,
        WrittenRate::Sine { period, .. } => Some(*period),
        WrittenRate::Constant(_) | WrittenRate::Modulated(_) => None,
    });
    periods.map(domain::units::Seconds::value).chain(fleets::period(document)).reduce(f64::max)
}

fn rates(document: &Document) -> impl Iterator<Item = &WrittenRate> {
    document.sources.iter().filter_map(|source| match &source.arrivals {
        domain::model::Arrivals::Open { rate, .. } => rate.as_ref(),
        domain::model::Arrivals::Closed(_) => None,
    })
}

/// When the last thing has happened that happens once.
fn course(document: &Document, model: &Model) -> Option<f64> {
    let changes = rates(document).filter_map(|rate| match rate {
        WrittenRate::Steps { points, period: None }
        | WrittenRate::Lines { points, period: None }
            if points.len() > 1 =>
        {
            points.last().map(|last| last.at.value())
        }
        _ => None,
    });
    let incidents = model.incidents.iter().map(|incident| match &incident.change {
        Change::Stall { duration, .. } => incident.at + duration,
        _ => incident.at,
    });
    changes.chain(incidents).reduce(f64::max)
}

/// The station with the most work, where that may be too much for it.
fn suspect(model: &Model, loads: &[Load]) -> Option<(usize, f64)> {
    let stations = model.stations.iter().zip(loads).enumerate();
    let busy = stations.filter_map(|(index, (station, load))| {
        let bounded = station.queue_limit.is_some()
            || station.in_flight_limit.is_some()
            || station.floor.patience.is_some();
        let utilisation = load.utilisation() / standing(station);
        (!bounded && utilisation >= 1.0).then_some((index, utilisation))
    });
    busy.max_by(|one, other| one.1.total_cmp(&other.1))
}

/// Whether every request reaches every station that it is meant for, and stays until it is served.
fn lossless(document: &Document) -> bool {
    let patient = |on_failure: &domain::model::OnFailure| on_failure.timeout.is_none();
    document.incidents.is_empty()
        && document
            .sources
            .iter()
            .all(|source| patient(&source.on_failure) && source.deadline.is_none())
        && document.stations.iter().all(|station| {
            !station.loses()
                && !station.drop_expired
                && !upkeep::loses(station)
                && patient(&station.on_failure)
        })
}
