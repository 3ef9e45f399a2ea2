//! Autoscalers of stations.

use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node, Value};
use crate::model::{
    Autoscaler, Distribution, HorizontalPod, Instances, ScalingChoice, ScalingPace, ScalingPolicy,
    ScalingRules, TargetTracking,
};
use crate::units::{Ratio, Seconds};

const AUTOSCALER: &[&str] = &[
    "min",
    "max",
    "hpa",
    "target_tracking",
    "step_scaling",
    "schedule",
    "boot",
    "warm_up",
    "warm_up_speed",
    "drain",
];
const POLICIES: [&str; 4] = ["hpa", "target_tracking", "step_scaling", "schedule"];
const HPA: &[&str] = &["target", "period", "scale_up", "scale_down"];
const RULES: &[&str] = &["tolerance", "window", "select", "policies"];
const TRACKING: &[&str] = &[
    "target",
    "period",
    "periods_out",
    "periods_in",
    "low",
    "scale_in",
    "instance_warmup",
    "cooldown",
];
/// Instances of one station.
pub(super) const INSTANCES: u32 = 1_000_000;
/// Policies, steps and windows of one autoscaler.
pub(super) const PARTS: usize = 1_000;
/// Periods in a row.
pub(super) const PERIODS: (u32, u32) = (1, 1_000_000);
/// Looks that a horizontal pod autoscaler may look back at.
const LOOKS: f64 = 1_000.0;
/// The shortest time from look to look.
const LOOK: f64 = 1e-3;

impl Reader<'_> {
    /// An autoscaler.
    pub(super) fn autoscaler(&mut self, node: &Node, path: &str) -> Option<Autoscaler> {
        let (mut least, mut most, mut policy) = (None, None, None);
        let (mut boot, mut drain) = (Distribution::Deterministic(Seconds::ZERO), None);
        let (mut warm_up, mut warm_up_speed) = (Seconds::ZERO, 1.0);
        self.due(node, "min", path, "2");
        self.due(node, "max", path, "20");
        if node.child("warm_up").is_some() {
            self.due(node, "warm_up_speed", path, "50%");
        }
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "min" => least = self.count(value, &full, (0, INSTANCES)),
                "max" => most = self.count(value, &full, (0, INSTANCES)),
                "boot" => boot = self.distribution(value, &full).unwrap_or(boot),
                "warm_up" => warm_up = self.time(value, &full).unwrap_or(warm_up),
                "warm_up_speed" => {
                    let speed = self.positive_share(value, &full);
                    warm_up_speed = speed.unwrap_or(warm_up_speed);
                }
                "drain" => drain = self.time(value, &full),
                key if POLICIES.contains(&key) => policy = self.scaling(entry, &full),
                _ => self.strange_key(entry, path, AUTOSCALER),
            }
        }
        let stated = POLICIES.iter().filter(|key| node.child(key).is_some()).count();
        if stated != 1 && matches!(node.value, Value::Map(_)) {
            let message = format!("{} has {stated} policies", shown(path));
            let help = "write one of hpa, target_tracking, step_scaling and schedule; for \
                        example: `hpa: {target: 60%}`";
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        let (least, most) = (least?, most?);
        if least > most {
            let message = format!("{} has a min of {least} above its max of {most}", shown(path));
            self.note(IntentFault::Contradiction, node.place, message, "exchange the two");
        }
        Some(Autoscaler { least, most, policy: policy?, boot, warm_up, warm_up_speed, drain })
    }

    /// The instances of a station with an autoscaler: as many as there can be, of which those
    /// serve from the start that were written. Further ones are like those, in turn.
    pub(super) fn room_to_grow(
        &mut self,
        node: &Node,
        path: &str,
        autoscaler: &Autoscaler,
        instances: &mut Vec<Instances>,
    ) {
        if node.child("instances").is_none()
            && let Some(equal) = instances.first_mut()
        {
            equal.count = autoscaler.least;
        }
        let written = instances.iter().map(|equal| u64::from(equal.count)).sum::<u64>();
        let Some(further) = u64::from(autoscaler.most).checked_sub(written) else {
            let place = node.child("instances").map_or(node.place, |at| at.place);
            let most = autoscaler.most;
            let message = format!("{} has {written} instances, and a max of {most}", shown(path));
            let help = "write how many there are at the start, at most the max";
            self.note(IntentFault::Contradiction, place, message, help);
            return;
        };
        let kinds: Vec<Instances> =
            instances.iter().map(|equal| Instances { serving: false, ..*equal }).collect();
        match &kinds[..] {
            _ if further == 0 => {}
            [only] => {
                let count = u32::try_from(further).unwrap_or(INSTANCES);
                instances.push(Instances { count, ..*only });
            }
            _ => {
                let in_turn = kinds.iter().map(|equal| Instances { count: 1, ..*equal }).cycle();
                instances.extend(in_turn.take(usize::try_from(further).unwrap_or(0)));
            }
        }
    }

    fn scaling(&mut self, entry: &Entry, path: &str) -> Option<ScalingPolicy> {
        let node = &entry.value;
        match entry.key.as_str() {
            "hpa" => self.hpa(node, path).map(ScalingPolicy::HorizontalPod),
            "target_tracking" => self.tracking(node, path).map(ScalingPolicy::TargetTracking),
            "step_scaling" => self.step_scaling(node, path).map(ScalingPolicy::StepScaling),
            _ => self.schedule(node, path).map(ScalingPolicy::Schedule),
        }
    }

    /// A share above nothing.
    pub(super) fn positive_share(&mut self, node: &Node, path: &str) -> Option<f64> {
        let share = self.share(node, path)?;
        if share >= 1e-9 {
            return Some(share);
        }
        let message = format!("{} is nothing", shown(path));
        self.note(IntentFault::Range, node.place, message, "write a share above 0%");
        None
    }

    /// A time from look to look.
    pub(super) fn look(&mut self, node: &Node, path: &str) -> Option<Seconds> {
        let time = self.time(node, path)?;
        if time.value() >= LOOK {
            return Some(time);
        }
        let message = format!("{} is too short", shown(path));
        self.note(IntentFault::Range, node.place, message, "write at least 1ms");
        None
    }

    /// A target that servers can exceed, who never do more than all they can.
    fn target(&mut self, node: &Node, path: &str, factor: f64) -> Option<f64> {
        let share = self.positive_share(node, path)?;
        if share * factor < 1.0 {
            return Some(share);
        }
        let message = format!("{} is never exceeded: no server does more than it can", shown(path));
        let help = "write a lower target, for example 60%";
        self.note(IntentFault::Contradiction, node.place, message, help);
        None
    }

    fn hpa(&mut self, node: &Node, path: &str) -> Option<HorizontalPod> {
        let pace = |amount, percent| ScalingPace { amount, percent, period: Seconds::of(15.0) };
        let rules = |window, policies| ScalingRules {
            tolerance: 0.1,
            window: Seconds::of(window),
            select: ScalingChoice::Largest,
            policies,
        };
        let mut up = rules(0.0, vec![pace(4, false), pace(100, true)]);
        let mut down = rules(300.0, vec![pace(100, true)]);
        let (mut target, mut period) = (None, Seconds::of(15.0));
        if matches!(node.value, Value::Text(_)) {
            target = Some((node, path.to_owned()));
        } else {
            self.due(node, "target", path, "60%");
            for entry in self.entries(node, path) {
                let (value, full) = (&entry.value, joined(path, &entry.key));
                match entry.key.as_str() {
                    "target" => target = Some((value, full)),
                    "period" => period = self.look(value, &full).unwrap_or(period),
                    "scale_up" => self.rules(value, &full, &mut up),
                    "scale_down" => self.rules(value, &full, &mut down),
                    _ => self.strange_key(entry, path, HPA),
                }
            }
        }
        let (node, path) = target?;
        let percent = self.target(node, &path, 1.0 + up.tolerance)? * 100.0;
        let target = (1..=100_u32).find(|whole| (f64::from(*whole) - percent).abs() < 1e-6);
        if target.is_none() {
            let message = format!("{} is no whole percentage", shown(&path));
            let help = "Kubernetes takes whole percents, for example 60%";
            self.note(IntentFault::Number, node.place, message, help);
        }
        let found = HorizontalPod { target: target?, period, up, down };
        self.remembered(&found, node, &path);
        Some(found)
    }

    /// Notes an autoscaler that looks back at more looks than it could go through at each.
    fn remembered(&mut self, plan: &HorizontalPod, node: &Node, path: &str) {
        let of = |rules: &ScalingRules| {
            let paces = rules.policies.iter().map(|pace| pace.period);
            paces.fold(rules.window, Seconds::max)
        };
        let longest = of(&plan.up).max(of(&plan.down)).value();
        if longest > LOOKS * plan.period.value() {
            let message = format!("{} looks back at too many looks", shown(path));
            let help = format!(
                "let the longest window and period of a policy be at most {LOOKS} times the \
                 period from look to look"
            );
            self.note(IntentFault::TooLarge, node.place, message, help);
        }
    }

    fn rules(&mut self, node: &Node, path: &str, rules: &mut ScalingRules) {
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "tolerance" => {
                    rules.tolerance = self.share(value, &full).unwrap_or(rules.tolerance);
                }
                "window" => rules.window = self.time(value, &full).unwrap_or(rules.window),
                "select" => {
                    let words = [
                        ("max", ScalingChoice::Largest),
                        ("min", ScalingChoice::Smallest),
                        ("disabled", ScalingChoice::Disabled),
                    ];
                    rules.select = self.choice(value, &full, &words).unwrap_or(rules.select);
                }
                "policies" => {
                    let items = self.items(value, &full, PARTS);
                    rules.policies =
                        items.iter().filter_map(|item| self.pace(item, &full)).collect();
                    if items.is_empty() && matches!(value.value, Value::List(_)) {
                        let message = format!("{} has no policy", shown(&full));
                        let help = "for example: `[{pods: 4, period: 15s}]`, or `select: disabled`";
                        self.note(IntentFault::MissingKey, value.place, message, help);
                    }
                }
                _ => self.strange_key(entry, path, RULES),
            }
        }
    }

    fn pace(&mut self, node: &Node, path: &str) -> Option<ScalingPace> {
        let (mut amount, mut period) = (None, None);
        self.due(node, "period", path, "15s");
        let both = node.child("pods").is_some() == node.child("percent").is_some();
        if both && matches!(node.value, Value::Map(_)) {
            let message = format!("a policy of {} says pods or percent, one of them", shown(path));
            let help = "for example: `{pods: 4, period: 15s}`";
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "pods" => {
                    let pods = self.count(value, &full, (1, INSTANCES));
                    amount = pods.map(|pods| (pods, false));
                }
                "percent" => {
                    let percent = self.count(value, &full, (1, INSTANCES));
                    amount = percent.map(|percent| (percent, true));
                }
                "period" => period = self.look(value, &full),
                _ => self.strange_key(entry, path, &["pods", "percent", "period"]),
            }
        }
        let (amount, percent) = amount?;
        Some(ScalingPace { amount, percent, period: period? })
    }

    fn tracking(&mut self, node: &Node, path: &str) -> Option<TargetTracking> {
        let mut target = None;
        let mut found = TargetTracking {
            target: Ratio::of(0.5),
            period: Seconds::of(60.0),
            periods_out: 3,
            periods_in: 15,
            low: Ratio::of(0.9),
            scales_in: true,
            warm_up: Seconds::ZERO,
            cooldown: Seconds::ZERO,
        };
        if matches!(node.value, Value::Text(_)) {
            target = self.target(node, path, 1.0);
        } else {
            self.due(node, "target", path, "50%");
            for entry in self.entries(node, path) {
                let (value, full) = (&entry.value, joined(path, &entry.key));
                match entry.key.as_str() {
                    "target" => target = self.target(value, &full, 1.0),
                    "period" => found.period = self.look(value, &full)?,
                    "periods_out" => found.periods_out = self.count(value, &full, PERIODS)?,
                    "periods_in" => found.periods_in = self.count(value, &full, PERIODS)?,
                    "low" => found.low = Ratio::new(self.share(value, &full)?).ok()?,
                    "scale_in" => found.scales_in = self.truth(value, &full)?,
                    "instance_warmup" => found.warm_up = self.time(value, &full)?,
                    "cooldown" => found.cooldown = self.time(value, &full)?,
                    _ => self.strange_key(entry, path, TRACKING),
                }
            }
        }
        Some(TargetTracking { target: Ratio::new(target?).ok()?, ..found })
    }
}
