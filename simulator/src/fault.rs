//! Why a topology could not be judged at all. A topology that fails is an answer, not a fault.

use miette::Diagnostic;

use crate::model::ModelFault;

/// Why a demand and a topology cannot be simulated together.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Diagnostic)]
pub enum SimulatorFault {
    /// The topology deploys another number of services than the demand has.
    #[error("the demand has {services} services, the topology deploys {deployments}")]
    #[diagnostic(
        code(simulator::services),
        help("deploy every service of the demand once, in its order")
    )]
    Services {
        /// Services of the demand.
        services: usize,
        /// Deployments of the topology.
        deployments: usize,
    },
    /// A pool states its instances for another number of zones than the topology uses.
    #[error("a pool of `{service}` lists {found} zones, the topology uses {zones}")]
    #[diagnostic(
        code(simulator::zones),
        help("list how many instances of the pool stand in each zone, one number for each zone")
    )]
    Zones {
        /// The service.
        service: String,
        /// Zones that the pool lists.
        found: usize,
        /// Zones of the topology.
        zones: usize,
    },
    /// More than one pool of a service comes and goes, or a pool stands beside standbys.
    #[error(
        "of the pools of `{service}` only the last one may have an autoscaler, and a service \
             with standbys has one pool"
    )]
    #[diagnostic(
        code(simulator::pools),
        help("leave the autoscaler to the last pool, and give a service with standbys one pool")
    )]
    Pools {
        /// The service.
        service: String,
    },
    /// Services call one another in a circle, so that no request would ever end.
    #[error("the calls of `{service}` lead back to it")]
    #[diagnostic(
        code(simulator::cycle),
        help("remove one of the calls in the circle, or the fallback that closes it")
    )]
    Cycle {
        /// One of the services in the circle.
        service: String,
    },
    /// An objective speaks of a class that the demand does not have.
    #[error("a latency objective speaks of the class `{class}`, which the demand does not have")]
    #[diagnostic(
        code(simulator::class),
        help("name a class of the demand, or leave the class out to speak of every request")
    )]
    Class {
        /// The class.
        class: String,
    },
    /// A model's times lie too far apart for one run.
    #[error("the shortest mean time is {shortest:.1e} s and a trial takes {longest:.1e} s")]
    #[diagnostic(
        code(simulator::scales),
        help(
            "a run tells 2e15 nanoseconds apart: bring the times and rates nearer to one another"
        )
    )]
    Scales {
        /// Seconds of the shortest.
        shortest: f64,
        /// Seconds of a trial.
        longest: f64,
    },
    /// The demand or topology holds a number that means nothing, or too much of something.
    #[error("cannot be simulated: {0}")]
    #[diagnostic(
        code(simulator::model),
        help("correct the number that is named; counts of calls and instances have limits")
    )]
    Model(#[from] ModelFault),
}
