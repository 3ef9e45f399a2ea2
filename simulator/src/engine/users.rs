//! Users: clients of a fixed number that think, ask, wait for the answer, and think again.

use super::arrivals::number;
use super::trial::{Todo, Trial};
use super::visits::{State, Visit};
use crate::model::service::Further;
use crate::random::{Fraction, Purpose};
use crate::time::nanoseconds;

/// Bits of a request's number that count the requests of its user.
const COUNT_BITS: u32 = 28;

impl Trial<'_> {
    /// All users of a source begin to think.
    pub(super) fn open_users(&mut self, source: usize) {
        for user in 0..self.program.sources[source].users {
            let request = number(source, u64::from(user) << COUNT_BITS);
            let record = self.visits.insert(|record| record.request = request);
            self.think(record);
        }
    }

    /// A user thinks before its next request.
    fn think(&mut self, user: u32) {
        let record = &self.visits[user];
        let (request, source) = (record.request, super::arrivals::source(record.request));
        let draw = self.streams.draw(Purpose::Thinking, super::place(source), request, 0);
        let further =
            || Further { streams: &self.streams, entity: super::place(source), request, path: 3 };
        let sampler = &self.program.sources[source].think;
        let time = nanoseconds(sampler.sample(Fraction(draw.first()), further));
        let record = &mut self.visits[user];
        record.state = State::Thinking;
        record.ticket = self.agenda.due(self.clock.now + time, user);
    }

    /// A user has its answer: it thinks of the next request.
    pub(super) fn think_again(&mut self, user: u32) {
        let request = self.visits[user].request;
        let count = (request + 1) & ((1 << COUNT_BITS) - 1);
        let request = request & !((1 << COUNT_BITS) - 1) | count;
        self.visits[user] = Visit { request, ..Visit::EMPTY };
        self.think(user);
    }

    /// A user asks.
    pub(super) fn ask(&mut self, user: u32) -> Todo {
        self.visits[user].ticket = 0;
        if !self.admits_request() {
            self.visits.remove(user);
            return Todo::Done;
        }
        let request = self.visits[user].request;
        let source = super::arrivals::source(request);
        let draw = self.streams.draw(Purpose::Class, super::place(source), request, 0);
        let class = self.program.sources[source].class(Fraction(draw.first()));
        let work = self.streams.draw(Purpose::Arrival, super::place(source), request, 0);
        let call = self.program.entry(source, class);
        let to = &self.program.steps[call as usize].to;
        let work = self.program.work(&self.streams, to, Fraction(work.second()), (request, 0));
        self.visits[user] = Visit { request, call, class, ..Visit::EMPTY };
        self.enter((user, call), work, Fraction(draw.second()))
    }
}
