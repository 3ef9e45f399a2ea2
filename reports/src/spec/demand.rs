//! The demand as the spec keeps it. Every noun is taken apart by name, so that a field that is
//! added to one of them is missed by the compiler and not by a reader.

use domain::demand::{
    Backlog, CallDemand, ClassDemand, DataDemand, Demand, FailureHandling, Interface, LoadReading,
    NetworkDelay, ServiceDemand, ServicePin,
};
use domain::external::External;
use domain::fault::{ChangeFailures, Failover, FaultModel, Outage};
use domain::intent::RunOn;
use domain::rules::Rules;
use domain::spec::{
    BacklogPart, CallPart, ChangePart, ClassPart, DataPart, DegradationPart, DemandPart,
    ExternalPart, FailoverPart, FailurePart, FaultsPart, InterfacePart, NetworkDelayPart,
    OutagePart, PinPart, RulesPart, RunOnPart, ServiceDemandPart, UsersPart, WorkPart,
};
use domain::units::Ppm;

use super::measure::{
    micro_per_year, micro_rps, micros, nanos, ppb, ppm, probability, ratio, whole_shares,
};

/// The demand without what stands elsewhere: the name in the metadata, the objectives in the
/// intent, the ledger in the assumptions, what may be bought in the policies.
pub(super) fn demand(demand: &Demand) -> DemandPart {
    let Demand {
        name: _,
        load,
        day,
        hours,
        purchase,
        classes,
        cdn,
        services,
        network,
        objectives: _,
        operations,
        run_on,
        pins,
        rules,
        policy: _,
        faults,
        ledger: _,
    } = demand;
    let LoadReading { users, peak, mean, reading } = load;
    DemandPart {
        users: users.map(|(count, reading)| UsersPart { count, reading }),
        peak_micro_rps: micro_rps(*peak),
        mean_micro_rps: micro_rps(*mean),
        reading: reading.clone(),
        day_ppm: day.fractions.iter().map(|fraction| ratio(*fraction)).collect(),
        hours: hours.as_ref().map(super::hours::hours),
        purchase: purchase.clone(),
        classes: class_parts(demand, classes),
        cdn: cdn.as_ref().map(|cdn| super::cdn::demand(demand, cdn)),
        network: network_delay(*network),
        services: services.iter().map(|each| service(demand, each)).collect(),
        operations: *operations,
        run_on: run_on_part(run_on),
        pins: pins.iter().map(|each| pin(demand, each)).collect(),
        rules: rules_part(rules),
        faults: faults_part(faults),
    }
}

fn class_parts(demand: &Demand, classes: &[ClassDemand]) -> Vec<ClassPart> {
    let shares: Vec<f64> = classes.iter().map(|class| class.share.value()).collect();
    let part = |(class, share_ppm): (&ClassDemand, u64)| {
        let ClassDemand { name, share: _, enters, response } = class;
        ClassPart {
            name: name.clone(),
            share_ppm,
            enters: demand.service(*enters).name.clone(),
            response_bytes: response.value(),
        }
    };
    classes.iter().zip(whole_shares(&shares)).map(part).collect()
}

fn network_delay(delay: NetworkDelay) -> NetworkDelayPart {
    let NetworkDelay { same_zone, cross_zone } = delay;
    NetworkDelayPart { same_zone_us: micros(same_zone), cross_zone_us: micros(cross_zone) }
}

fn service(demand: &Demand, service: &ServiceDemand) -> ServiceDemandPart {
    let ServiceDemand {
        name,
        kind,
        work,
        calls,
        servers_max,
        memory_base,
        memory_per_request,
        startup,
        on_failure,
        degrades,
        data,
        backlog,
        external,
        interface,
        bytes_per_call,
    } = service;
    let classes = demand.classes.iter().map(|class| class.name.clone());
    ServiceDemandPart {
        name: name.clone(),
        kind: *kind,
        work: classes
            .zip(work)
            .map(|(class, work)| WorkPart {
                class,
                cpu_time_ns: nanos(work.cpu_time),
                cv_ppm: ppm(work.cv),
            })
            .collect(),
        calls: calls.iter().map(|each| call(demand, each)).collect(),
        servers_max: *servers_max,
        memory_base_mib: memory_base.value(),
        memory_per_request_mib: memory_per_request.value(),
        startup_us: micros(*startup),
        on_failure: failure(on_failure),
        degrades: degrades
            .iter()
            .map(|own| DegradationPart {
                without: demand.service(own.without).name.clone(),
                serve: own.serve,
            })
            .collect(),
        data: data.as_ref().map(|each| data_part(demand, each)),
        backlog: backlog.map(backlog_part),
        external: external.map(external_part),
        interface: interface_part(interface),
        bytes_per_call: bytes_per_call.value(),
    }
}

fn external_part(external: External) -> ExternalPart {
    let External { p50, p99, uptime } = external;
    ExternalPart { p50_us: micros(p50), p99_us: micros(p99), uptime_ppm: ratio(uptime) }
}

fn backlog_part(backlog: Backlog) -> BacklogPart {
    let Backlog { drain_within, standstill } = backlog;
    BacklogPart { drain_within_us: micros(drain_within), standstill_us: micros(standstill) }
}

fn call(demand: &Demand, call: &CallDemand) -> CallPart {
    let CallDemand { to, class, count, lookups, parallel, reads } = call;
    CallPart {
        to: demand.service(*to).name.clone(),
        class: class.map(|index| demand.classes[index.0].name.clone()),
        count_ppm: ppm(*count),
        lookups: *lookups,
        parallel: *parallel,
        reads_ppm: ratio(*reads),
    }
}

pub(super) fn failure(handling: &FailureHandling) -> FailurePart {
    let FailureHandling { timeout, retries, retry_budget, queue } = handling;
    FailurePart {
        timeout_us: micros(*timeout),
        retries: *retries,
        retry_budget_ppm: ratio(*retry_budget),
        queue_us: micros(*queue),
    }
}

fn data_part(demand: &Demand, data: &DataDemand) -> DataPart {
    let DataDemand {
        engine,
        engine_version,
        size,
        hit_ratio,
        fallback,
        writes,
        reserved_connections,
        iops_per_query,
    } = data;
    DataPart {
        engine: engine.clone(),
        engine_version: engine_version.clone(),
        size_mib: size.value(),
        hit_ratio_ppm: ratio(*hit_ratio),
        fallback: fallback.map(|index| demand.service(index).name.clone()),
        writes_ppm: ratio(*writes),
        reserved_connections: *reserved_connections,
        iops_per_query_ppm: iops_per_query.map(ppm),
    }
}

fn interface_part(interface: &Interface) -> InterfacePart {
    let Interface { port, health_path, image } = interface;
    InterfacePart { port: *port, health_path: health_path.clone(), image: image.clone() }
}

fn run_on_part(run_on: &RunOn) -> RunOnPart {
    let RunOn { providers, regions, zones } = run_on;
    RunOnPart {
        providers: providers.clone(),
        regions: regions.clone(),
        zones_min: zones.as_ref().map(|stated| stated.value),
    }
}

fn pin(demand: &Demand, pin: &ServicePin) -> PinPart {
    let ServicePin { service, instance_type, replicas_min, replicas_max } = pin;
    PinPart {
        service: demand.service(*service).name.clone(),
        instance_type: instance_type.clone(),
        replicas_min: *replicas_min,
        replicas_max: *replicas_max,
    }
}

fn rules_part(rules: &Rules) -> RulesPart {
    let Rules {
        utilisation_stateless,
        utilisation_cache,
        utilisation_sql,
        utilisation_headroom,
        vcpus_min,
        vcpus_max,
        memory_min,
        replicas_max,
        vcpu_quota,
        zones_min,
        replicas_min,
        redundant_data,
        survives_zone_loss,
        balancing,
        offers_per_service,
        self_run_data,
        excluded,
    } = rules;
    RulesPart {
        utilisation_stateless_ppm: ratio(*utilisation_stateless),
        utilisation_cache_ppm: ratio(*utilisation_cache),
        utilisation_sql_ppm: ratio(*utilisation_sql),
        utilisation_headroom_ppm: ratio(*utilisation_headroom),
        vcpus_min: *vcpus_min,
        vcpus_max: *vcpus_max,
        memory_min_mib: memory_min.value(),
        replicas_max: *replicas_max,
        vcpu_quota: *vcpu_quota,
        zones_min: *zones_min,
        replicas_min: *replicas_min,
        redundant_data: *redundant_data,
        survives_zone_loss: *survives_zone_loss,
        balancing: *balancing,
        offers_per_service: *offers_per_service,
        self_run_data: *self_run_data,
        excluded: excluded.clone(),
    }
}

fn faults_part(faults: &FaultModel) -> FaultsPart {
    let FaultModel {
        instance,
        ejection,
        common_cause_in_zone,
        zone,
        zone_median,
        zone_sigma,
        zone_ejection,
        common_cause_across_zones,
        region,
        sql_single,
        sql_maintenance,
        sql_failover,
        cache_failover,
        self_run_factor,
        balancer,
        dns,
        cdn,
        change,
    } = faults;
    FaultsPart {
        instance: outage(instance),
        ejection_us: micros(*ejection),
        common_cause_in_zone_ppm: ratio(*common_cause_in_zone),
        zone: outage(zone),
        zone_median_us: micros(*zone_median),
        zone_sigma_ppm: ppm(*zone_sigma),
        zone_ejection_us: micros(*zone_ejection),
        common_cause_across_zones_ppm: ratio(*common_cause_across_zones),
        region: outage(region),
        sql_single: outage(sql_single),
        sql_maintenance: outage(sql_maintenance),
        sql_failover: failover(sql_failover),
        cache_failover: failover(cache_failover),
        self_run_factor_ppm: ppm(*self_run_factor),
        balancer_ppb: ppb(*balancer),
        dns_ppb: ppb(*dns),
        cdn_ppb: (*cdn > Ppm::ZERO).then(|| ppb(*cdn)),
        change: change_part(change),
    }
}

fn outage(outage: &Outage) -> OutagePart {
    let Outage { rate, duration } = outage;
    OutagePart { micro_per_year: micro_per_year(*rate), duration_us: micros(*duration) }
}

fn failover(failover: &Failover) -> FailoverPart {
    let Failover { events, duration, unplanned, failing, repair } = failover;
    FailoverPart {
        micro_per_year: micro_per_year(*events),
        duration_us: micros(*duration),
        unplanned_micro_per_year: micro_per_year(*unplanned),
        failing_ppm: probability(*failing),
        repair_us: micros(*repair),
    }
}

fn change_part(change: &ChangeFailures) -> ChangePart {
    let ChangeFailures { rate, failing, duration, reach } = change;
    ChangePart {
        micro_per_year: micro_per_year(*rate),
        failing_ppm: probability(*failing),
        duration_us: micros(*duration),
        reach_ppm: ratio(*reach),
    }
}
