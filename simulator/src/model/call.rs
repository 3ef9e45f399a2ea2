//! Calls between stations, and what a caller does when one fails.

use super::{ModelFault, number};

/// Keys of a call beyond which the table of misses would be absurd.
const KEYS_MAX: u32 = 65_535;

/// A call that a station makes for each visit of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The station called; it stands after the caller.
    pub to: usize,
    /// Calls for one visit: the whole part always, one more with the probability of the rest.
    pub count: f64,
    /// Whether they go out together, and together with neighbouring parallel calls.
    pub parallel: bool,
    /// What is looked up, when the station is a cache.
    pub lookup: Option<Lookup>,
    /// Which of them the visit waits for.
    pub awaits: Awaits,
    /// The chance that a call writes, which matters where instances are copies of one another.
    pub writes: f64,
    /// Whether the visit is answered without it where it fails; a request of which a part was
    /// answered so is degraded. Only of calls of which every one is waited for.
    pub optional: bool,
}

/// Which of the calls that it makes at once a visit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Awaits {
    /// Every one; each must come back with a good answer.
    #[default]
    Every,
    /// So many good answers (a quorum), or all where fewer are called; it fails when they cannot be
    /// had any more. The calls go out together, and answers that come later are thrown away.
    First(u32),
    /// None: the calls are messages, which are served, and repeated when they fail, without the
    /// visit; it goes on at once.
    Nothing,
}

impl Call {
    /// One call after the one before it.
    pub const fn to(to: usize, count: f64) -> Self {
        Self {
            to,
            count,
            parallel: false,
            lookup: None,
            awaits: Awaits::Every,
            writes: 0.0,
            optional: false,
        }
    }

    /// Calls to the fallback for each call, on average.
    pub fn misses(&self) -> f64 {
        self.lookup.map_or(0.0, |lookup| f64::from(lookup.keys) * (1.0 - lookup.hit_ratio))
    }

    pub(super) fn validate(
        &self,
        place: &str,
        caller: usize,
        stations: usize,
    ) -> Result<(), ModelFault> {
        number(place, "number of calls", self.count, 0.0)?;
        if self.count > 1e9 {
            return Err(too_many(place, "calls for one visit", 1_000_000_000));
        }
        leads_on(place, self.to, caller, stations)?;
        number(place, "share of writes", self.writes, 0.0)?;
        number(place, "share of reads", 1.0 - self.writes, 0.0)?;
        if let Awaits::First(enough) = self.awaits {
            number(place, "number of answers to wait for", enough.into(), 1.0)?;
            if enough > KEYS_MAX {
                return Err(too_many(place, "answers to wait for", KEYS_MAX.into()));
            }
        }
        if self.awaits != Awaits::Every && self.lookup.is_some() {
            // Whoever waits for its keys waits for every answer.
            number(place, "lookup whose answers are waited for", f64::NAN, 0.0)?;
        }
        if self.awaits != Awaits::Every && self.optional {
            number(place, "optional call that is not waited for", f64::NAN, 0.0)?;
        }
        let Some(lookup) = self.lookup else {
            return Ok(());
        };
        number(place, "hit ratio", lookup.hit_ratio, 0.0)?;
        number(place, "miss ratio", 1.0 - lookup.hit_ratio, 0.0)?;
        if lookup.keys > KEYS_MAX {
            return Err(too_many(place, "keys in one call", KEYS_MAX.into()));
        }
        lookup.fallback.map_or(Ok(()), |to| leads_on(place, to, caller, stations))
    }
}

fn too_many(place: &str, what: &'static str, limit: u64) -> ModelFault {
    ModelFault::TooMany { place: place.to_owned(), what, limit }
}

fn leads_on(place: &str, to: usize, caller: usize, stations: usize) -> Result<(), ModelFault> {
    let place = place.to_owned();
    if to >= stations {
        let what = "station";
        let index = to;
        return Err(ModelFault::Dangling { place, what, index });
    }
    if to <= caller {
        return Err(ModelFault::Backwards { place, to });
    }
    Ok(())
}

/// What one call to a cache looks up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lookup {
    /// Keys in one call.
    pub keys: u32,
    /// The probability that a key is there, where the station's contents are not simulated.
    pub hit_ratio: f64,
    /// The station that answers for a key which is not; nobody where there is none.
    pub fallback: Option<usize>,
    /// Whether the visit is answered without a key that its fallback fails to answer for.
    pub optional: bool,
}

/// How a wait before a retry is drawn around its scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// It is the scale.
    None,
    /// Anything from nothing to the scale, all as likely (full jitter).
    Uniform,
    /// Exponential, the scale being its mean.
    Exponential,
}

/// How long a caller waits before it repeats a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The scale of the first wait, in seconds.
    pub time: f64,
    /// What it is multiplied by from retry to retry; up to twenty times.
    pub growth: f64,
    /// The longest scale, in seconds.
    pub most: Option<f64>,
    /// How a wait is drawn around it.
    pub jitter: Jitter,
}

impl Backoff {
    /// Uniform up to a scale that doubles from retry to retry.
    pub const fn jitter(first: f64) -> Self {
        Self { time: first, growth: 2.0, most: None, jitter: Jitter::Uniform }
    }

    /// Exponential with always the same mean.
    pub const fn exponential(mean: f64) -> Self {
        Self { time: mean, growth: 1.0, most: None, jitter: Jitter::Exponential }
    }

    /// The scale of the wait before a retry, the first of which is number 0.
    pub(crate) fn scale(&self, retry: u8) -> f64 {
        let scale = (0..retry.min(20)).fold(self.time, |scale, _| scale * self.growth);
        self.most.map_or(scale, |most| scale.min(most))
    }
}

/// What a caller does about calls that take too long or fail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resilience {
    /// How long it waits for an attempt; for ever where there is none.
    pub timeout: Option<f64>,
    /// How often it repeats a failed call; [`Resilience::FOREVER`] is as often as it takes.
    pub retries: u8,
    /// Tokens that each call earns for retries; where there is none, every retry is allowed.
    pub budget: Option<f64>,
    /// How long it waits before it repeats one.
    pub backoff: Backoff,
}

impl Resilience {
    /// Waits for ever and never repeats.
    pub const NONE: Self =
        Self { timeout: None, retries: 0, budget: None, backoff: Backoff::jitter(0.0) };
    /// Retries without an end.
    pub const FOREVER: u8 = u8::MAX;

    /// The longest that a call can keep its caller waiting; `None` where that is for ever.
    pub fn patience(&self) -> Option<f64> {
        if self.retries == Self::FOREVER {
            return None;
        }
        let tries = f64::from(self.retries) + 1.0;
        let backoffs = (0..self.retries).fold(0.0, |sum, retry| sum + self.backoff.scale(retry));
        self.timeout.map(|timeout| tries * timeout + backoffs)
    }

    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        number(place, "timeout", self.timeout.unwrap_or(1.0), 1e-9)?;
        number(place, "retry budget", self.budget.unwrap_or(0.0), 0.0)?;
        number(place, "back-off", self.backoff.time, 0.0)?;
        number(place, "growth of the back-off", self.backoff.growth, 1.0)?;
        number(place, "longest back-off", self.backoff.most.unwrap_or(0.0), 0.0)
    }
}
