//! Words for what a later version plans for: they are refused by name, never dropped.

/// Words for what cannot be planned for yet, with what to do instead.
pub(super) const UNSUPPORTED: &[(&str, &str)] = &[
    ("flash crowd", LEAVE_OUT),
    ("flash crowds", LEAVE_OUT),
    ("spikes", LEAVE_OUT),
    ("spiky traffic", LEAVE_OUT),
    ("kubernetes", PLATFORM),
    ("k8s", PLATFORM),
    ("containers", PLATFORM),
    ("serverless", PLATFORM),
    ("lambda", PLATFORM),
    ("fargate", PLATFORM),
    ("spot", PURCHASE),
    ("spot instances", PURCHASE),
    ("reserved", PURCHASE),
    ("reserved instances", PURCHASE),
    ("savings plan", PURCHASE),
    ("rpo", LEAVE_OUT),
    ("rto", LEAVE_OUT),
    ("gdpr", LEAVE_OUT),
    ("hipaa", LEAVE_OUT),
    ("pci", LEAVE_OUT),
    ("multi-region", ONE_REGION),
    ("multi region", ONE_REGION),
    ("active-active", ONE_REGION),
    ("multi-cloud", ONE_REGION),
    ("client-side", AT_BALANCER),
    ("client side", AT_BALANCER),
    ("end-to-end", AT_BALANCER),
    ("at the client", AT_BALANCER),
    ("page load time", AT_BALANCER),
    ("cdn", CDN),
    ("queue", QUEUE),
    ("queues", QUEUE),
    ("gpu", LEAVE_OUT),
    ("gpus", LEAVE_OUT),
    ("zone loss", ZONE_LOSS),
    ("zone outage", ZONE_LOSS),
    ("zone failure", ZONE_LOSS),
    ("zone down", ZONE_LOSS),
    ("postgres", ENGINE),
    ("postgresql", ENGINE),
    ("mysql", ENGINE),
    ("mariadb", ENGINE),
    ("redis", ENGINE),
    ("valkey", ENGINE),
];

const QUEUE: &str = "say `worker` for a queue with workers; a document can describe others";
const CDN: &str = "say `static site`, or what it answers: --set requests.page.cacheable=40%";
const LEAVE_OUT: &str = "leave it out; nothing is ignored in silence";
const PLATFORM: &str = "plans are for virtual machines; leave it out";
const PURCHASE: &str = "a document can say it: purchase, with the terms that may be bought on";
const ONE_REGION: &str = "a plan has one cloud and one region; leave it out";
const AT_BALANCER: &str = "latency is taken at the balancer; leave it out";
const ZONE_LOSS: &str = "it is survived from 99.99% uptime on; say that instead";
const ENGINE: &str = "a document can say it: services, then engine";
