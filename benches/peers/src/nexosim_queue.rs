//! M/M/8 in nexosim, on one thread: a model that schedules its own arrivals and departures.

use std::collections::VecDeque;
use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::{EventSinkReader, EventSource, Output, SinkState, event_slot};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use crate::Shown;
use crate::sample::{exponential, generator};

/// The queue; a second is a mean service.
#[derive(Serialize, Deserialize)]
pub(crate) struct Queue {
    random: Xoshiro256PlusPlus,
    waiting: VecDeque<f64>,
    free: usize,
    left: u64,
    served: u64,
    waits: f64,
    mean: Output<f64>,
}

fn seconds(time: MonotonicTime) -> f64 {
    time.as_secs() as f64 + f64::from(time.subsec_nanos()) * 1e-9
}

/// A span that is no nothing: nexosim takes no event for the present moment.
fn span(time: f64) -> Duration {
    Duration::from_secs_f64(time).max(Duration::from_nanos(1))
}

#[Model]
impl Queue {
    /// Starts the arrivals.
    pub(crate) fn open(&mut self, (): (), context: &Context<Self>) {
        self.next(context);
    }

    /// Sends the mean wait.
    pub(crate) async fn report(&mut self, (): ()) {
        self.mean.send(self.waits / self.served as f64).await;
    }

    fn next(&mut self, context: &Context<Self>) {
        let gap = span(exponential(&mut self.random) / 7.2);
        context.schedule_event(gap, schedulable!(Self::arrive), ()).expect("it lies ahead");
    }

    fn serve(&mut self, born: f64, context: &Context<Self>) {
        self.served += 1;
        self.waits += seconds(context.time()) - born;
        let time = span(exponential(&mut self.random));
        context.schedule_event(time, schedulable!(Self::leave), ()).expect("it lies ahead");
    }

    #[nexosim(schedulable)]
    fn arrive(&mut self, (): (), context: &Context<Self>) {
        let now = seconds(context.time());
        if self.free > 0 {
            self.free -= 1;
            self.serve(now, context);
        } else {
            self.waiting.push_back(now);
        }
        self.left -= 1;
        if self.left > 0 {
            self.next(context);
        }
    }

    #[nexosim(schedulable)]
    fn leave(&mut self, (): (), context: &Context<Self>) {
        match self.waiting.pop_front() {
            Some(born) => self.serve(born, context),
            None => self.free += 1,
        }
    }
}

pub(crate) fn run(customers: u64, seed: u64) -> Shown {
    let mut queue = Queue {
        random: generator(seed),
        waiting: VecDeque::new(),
        free: 8,
        left: customers,
        served: 0,
        waits: 0.0,
        mean: Output::default(),
    };
    let mailbox = Mailbox::new();
    let mut bench = SimInit::with_num_threads(1);
    let open = EventSource::new().connect(Queue::open, &mailbox).register(&mut bench);
    let report = EventSource::new().connect(Queue::report, &mailbox).register(&mut bench);
    let (sink, mut mean) = event_slot(SinkState::Enabled);
    queue.mean.connect_sink(sink);
    let start = MonotonicTime::EPOCH;
    let mut simulation =
        bench.add_model(queue, mailbox, "queue").init(start).expect("the bench is sound");
    simulation.process_event(&open, ()).expect("the queue opens");
    let long = Duration::from_secs(customers);
    simulation.step_until(long).expect("every customer leaves");
    simulation.process_event(&report, ()).expect("it reports");
    Shown { customers, wait: mean.try_read().expect("a report was sent") }
}
