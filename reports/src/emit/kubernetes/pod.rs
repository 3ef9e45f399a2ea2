//! What a pod of a fleet is: one program that fills a node, and what it is allowed.

use domain::offer::Architecture;
use domain::spec::{HealthCheckPart, InputKind, OfferPart, ServicePart, Spec};

use super::inputs::{self, Input};
use super::names::{Names, SCRATCH};
use super::nodes::Room;
use super::objects::{INSTANCE, MANAGED, NAME};
use super::services::PORT;
use super::words::{self, demand, encrypted, seconds};
use crate::emit::yaml_text::{Map, Node, list, texts};

/// A user and group that no host has: above 10,000, as scanners want it.
const NOBODY: u32 = 65_532;

/// How Kubernetes calls an instruction set.
pub(super) const fn architecture(own: Architecture) -> &'static str {
    match own {
        Architecture::X86_64 => "amd64",
        Architecture::Arm64 => "arm64",
    }
}

/// What the pods of one offer are.
pub(super) struct Pod<'a> {
    pub(super) spec: &'a Spec,
    pub(super) names: &'a Names,
    pub(super) inputs: &'a [Input<'a>],
    pub(super) service: &'a ServicePart,
    pub(super) offer: &'a OfferPart,
    /// Which of the offers.
    pub(super) at: usize,
}

impl Pod<'_> {
    /// The labels by which the pods of this offer are found, and no others.
    pub(super) fn selector(&self) -> Map {
        let name = &self.service.name;
        texts([(NAME, self.names.service(name)), (INSTANCE, self.names.part(name, self.at))])
    }

    /// The specification of a pod.
    pub(super) fn body(&self) -> Map {
        let name = self.names.service(&self.service.name);
        let grace = self.leaves_after() + self.drain();
        let about = format!(
            "It serves on for {} s while it is taken out, and has {} s for what it still works on.",
            self.leaves_after(),
            self.drain()
        );
        Map::default()
            .set("serviceAccountName", name)
            .set("automountServiceAccountToken", false)
            .set("enableServiceLinks", false)
            .remark(&about)
            .set("terminationGracePeriodSeconds", grace)
            .set("securityContext", self.confined())
            .set("affinity", self.affinity())
            .set("topologySpreadConstraints", self.spread())
            .set("containers", list([self.container()]))
            .set("volumes", list(self.volumes()))
    }

    /// How long it serves on after it was told to leave: until the next check has seen it.
    fn leaves_after(&self) -> u64 {
        seconds(self.service.health_check.interval_us)
    }

    fn drain(&self) -> u64 {
        self.service.rollout.as_ref().map_or(0, |rollout| seconds(rollout.drain_us))
    }

    fn confined(&self) -> Map {
        let low = self.service.port < 1_024;
        let port = Map::default()
            .set("name", "net.ipv4.ip_unprivileged_port_start")
            .set("value", self.service.port.to_string());
        let context = Map::default()
            .set("runAsNonRoot", true)
            .set("runAsUser", NOBODY)
            .set("runAsGroup", NOBODY)
            .set("fsGroup", NOBODY)
            .set("seccompProfile", Map::default().set("type", "RuntimeDefault"));
        if low { context.set("sysctls", list([port])) } else { context }
    }

    /// Which nodes it may be on: those of its type, where no other pod of a plan is.
    fn affinity(&self) -> Map {
        let is = |key: &str, value: &str| {
            Map::default().set("key", key).set("operator", "In").set("values", list([value]))
        };
        let zone = Map::default()
            .remark("Whichever zones the nodes stand in: the plan leaves their names open.")
            .set("key", "topology.kubernetes.io/zone")
            .set("operator", "Exists");
        let wanted = [
            is("node.kubernetes.io/instance-type", &self.offer.instance_type),
            is("kubernetes.io/arch", architecture(self.offer.architecture)),
            is("topology.kubernetes.io/region", self.spec.placement.region.as_str()),
            zone,
        ];
        let terms = Map::default().set("matchExpressions", list(wanted));
        let node = Map::default().set(
            "requiredDuringSchedulingIgnoredDuringExecution",
            Map::default().set("nodeSelectorTerms", list([terms])),
        );
        let of_plans = || Map::default().set("matchLabels", texts([MANAGED]));
        let other = Map::default()
            .remark("One pod fills one node: no other pod of any plan is beside it.")
            .set("labelSelector", of_plans())
            .set("namespaceSelector", of_plans())
            .set("topologyKey", "kubernetes.io/hostname");
        let apart =
            Map::default().set("requiredDuringSchedulingIgnoredDuringExecution", list([other]));
        Map::default().set("nodeAffinity", node).set("podAntiAffinity", apart)
    }

    fn spread(&self) -> Node {
        let zones = self.spec.placement.zones.len();
        let selector = |own: Map| Map::default().set("matchLabels", own);
        let evenly = Map::default()
            .remark(&format!(
                "Over the {zones} zones of the plan: {}. A zone whose nodes are lost does not \
                 count, so that pods come back in the others.",
                words::counted(self.offer)
            ))
            .set("topologyKey", "topology.kubernetes.io/zone")
            .set("maxSkew", 1_u32)
            .set("whenUnsatisfiable", "DoNotSchedule")
            .set("nodeAffinityPolicy", "Honor")
            .set("nodeTaintsPolicy", "Honor")
            .set("matchLabelKeys", list(["pod-template-hash"]))
            .set("labelSelector", selector(self.selector()));
        let hosts = Map::default()
            .set("topologyKey", "kubernetes.io/hostname")
            .set("maxSkew", 1_u32)
            .set("whenUnsatisfiable", "DoNotSchedule")
            .set("labelSelector", selector(self.selector()));
        if self.service.offers.len() < 2 {
            return list([evenly, hosts]);
        }
        let own = super::objects::pods_of(self.names, &self.service.name);
        let together = Map::default()
            .remark("All kinds of the service together, as far as each by itself allows it.")
            .set("topologyKey", "topology.kubernetes.io/zone")
            .set("maxSkew", 1_u32)
            .set("whenUnsatisfiable", "ScheduleAnyway")
            .set("labelSelector", selector(own));
        list([evenly, hosts, together])
    }

    fn container(&self) -> Map {
        let name = self.names.service(&self.service.name);
        let port = Map::default()
            .set("name", PORT)
            .set("containerPort", self.service.port)
            .set("protocol", "TCP");
        let settings = Map::default().set("configMapRef", Map::default().set("name", name));
        let last = Map::default().set("seconds", self.leaves_after());
        let before = Map::default().set("preStop", Map::default().set("sleep", last));
        Map::default()
            .set("name", name)
            .then(self.image())
            .set("imagePullPolicy", "Always")
            .set("ports", list([port]))
            .set("envFrom", list([settings]))
            .set("resources", self.resources())
            .then(self.probes())
            .set("lifecycle", before)
            .set("securityContext", closed())
            .set("volumeMounts", list(self.mounts()))
    }

    fn image(&self) -> Map {
        let name = &self.service.name;
        let stated = demand(self.spec, name).and_then(|own| own.interface.image.as_deref());
        if let Some(image) = stated {
            return Map::default().set("image", image);
        }
        let key = inputs::key(self.inputs, name, InputKind::Image).unwrap_or_default();
        Map::default()
            .remark(&format!("{key} of inputs.yaml stands here once kustomize built it."))
            .set("image", "")
    }

    fn resources(&self) -> Map {
        let room = Room::of(self.spec.placement.provider, self.offer);
        let memory = format!("{}Mi", room.memory_mib);
        let requests =
            Map::default().set("cpu", format!("{}m", room.milli)).set("memory", memory.as_str());
        let limits = Map::default()
            .remark("All cores of the node where nobody else wants them.")
            .set("cpu", self.offer.vcpu.to_string())
            .set("memory", memory);
        Map::default()
            .remark(&room.said(self.offer))
            .set("requests", requests)
            .set("limits", limits)
    }

    fn probes(&self) -> Map {
        let check = &self.service.health_check;
        let (every, wait) = (seconds(check.interval_us), seconds(check.timeout_us));
        let probe = |asks: Map, failures: u64| {
            asks.set("periodSeconds", every)
                .set("timeoutSeconds", wait)
                .set("failureThreshold", failures)
        };
        let patience = 2 * self.starts_within();
        let failures = patience.div_ceil(every.max(1)).max(u64::from(check.unhealthy_threshold));
        let away = every * u64::from(check.unhealthy_threshold);
        let alive = 2 * u64::from(check.unhealthy_threshold);
        Map::default()
            .remark(&format!(
                "The plan counts on {} s from its start to its first request; it is started again \
                 after {} s.",
                self.starts_within(),
                failures * every
            ))
            .set("startupProbe", probe(asks(self.spec, self.service, check), failures))
            .remark(&format!(
                "A failed pod gets no more requests after {away} s, as the simulation has it."
            ))
            .set(
                "readinessProbe",
                probe(asks(self.spec, self.service, check), check.unhealthy_threshold.into())
                    .set("successThreshold", check.healthy_threshold),
            )
            .remark(&format!(
                "Only what takes no connection for {} s is started again: a pod that is too busy \
                 to answer must not be.",
                alive * every
            ))
            .set("livenessProbe", probe(connects(), alive))
    }

    fn starts_within(&self) -> u64 {
        demand(self.spec, &self.service.name).map_or(0, |own| seconds(own.startup_us))
    }

    /// Secrets of what it calls, each as a file.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let used = words::used(self.spec, self.service);
        let asked = used
            .filter(|to| inputs::key(self.inputs, &to.name, InputKind::SecretReference).is_some());
        asked.map(|to| self.names.service(&to.name))
    }

    fn mounts(&self) -> Vec<Map> {
        let scratch = Map::default().set("name", SCRATCH).set("mountPath", "/tmp");
        let secrets = self.secrets().map(|name| {
            Map::default()
                .set("name", name)
                .set("mountPath", format!("/run/secrets/{name}"))
                .set("readOnly", true)
        });
        [scratch].into_iter().chain(secrets).collect()
    }

    fn volumes(&self) -> Vec<Map> {
        let empty = Map::default().set("sizeLimit", "1Gi");
        let scratch = Map::default().set("name", SCRATCH).set("emptyDir", empty);
        let secrets = self.secrets().map(|name| {
            let secret = Map::default()
                .remark("The Secret is named in inputs.yaml; kustomize puts it here.")
                .set("secretName", "")
                .remark("Octal 0440.")
                .set("defaultMode", 0o440_u32);
            Map::default().set("name", name).set("secret", secret)
        });
        [scratch].into_iter().chain(secrets).collect()
    }
}

/// What a probe asks for.
fn asks(spec: &Spec, service: &ServicePart, check: &HealthCheckPart) -> Map {
    let Some(path) = &check.path else { return connects() };
    let scheme = if encrypted(spec, &service.name) { "HTTPS" } else { "HTTP" };
    let get = Map::default().set("path", path.as_str()).set("port", PORT).set("scheme", scheme);
    Map::default().set("httpGet", get)
}

fn connects() -> Map {
    Map::default().set("tcpSocket", Map::default().set("port", PORT))
}

/// What a container is kept from.
fn closed() -> Map {
    Map::default()
        .set("allowPrivilegeEscalation", false)
        .set("privileged", false)
        .set("readOnlyRootFilesystem", true)
        .set("capabilities", Map::default().set("drop", list(["ALL"])))
}
