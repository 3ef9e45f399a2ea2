//! Approvals that were signed with the real `ssh-keygen` (OpenSSH 9.2), so that no test depends on
//! it: `ssh-keygen -Y sign -n approval@plimsoll.dev -f KEY FILE`.

/// The public key of a.lee.
pub(super) const LEE_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEW8qQUzlegd61IBpOmU4gRHigviheA2fcTMvJqNzYR2";

/// The public key of c.diaz, on the curve P-256.
pub(super) const DIAZ_KEY: &str = concat!(
    "ecdsa-sha2-nistp256 ",
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFfQYrOdjjOW1WUaKZ8/oXN8CAqn",
    "LoQ3coe1wU5G3qQdweZqvIdU11lbbClcnBEs2kmQ318ISs7Q7FGh64DgGS0="
);

/// An approval by a.lee.
pub(super) const LEE: &str = r#"{
  "$schema": "https://plimsoll.dev/schemas/approval-v1.json",
  "apiVersion": "plimsoll/v1",
  "kind": "Approval",
  "spec": {
    "name": "web",
    "environment": "prod",
    "digest": "sha256:1111111111111111111111111111111111111111111111111111111111111111"
  },
  "by": "a.lee@example.com",
  "on": "2026-11-02",
  "until": "2026-12-31"
}
"#;

/// Signed with the key of a.lee.
pub(super) const LEE_SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgRbypBTOV6B3rUgGk6ZTiBEeKC+
KF4DZ9xMy8mo3NhHYAAAAVYXBwcm92YWxAcGxpbXNvbGwuZGV2AAAAAAAAAAZzaGE1MTIA
AABTAAAAC3NzaC1lZDI1NTE5AAAAQNSEWYhxyoO2o7/u/HbdoUoRsApggXSWNqiRJ5i7eE
U5E3JkZdvNRnH6HfOgh/mKeBZswbvfUoBP8cB5wZH+DwY=
-----END SSH SIGNATURE-----
";

/// An approval by c.diaz.
pub(super) const DIAZ: &str = r#"{
  "$schema": "https://plimsoll.dev/schemas/approval-v1.json",
  "apiVersion": "plimsoll/v1",
  "kind": "Approval",
  "spec": {
    "name": "web",
    "environment": "prod",
    "digest": "sha256:1111111111111111111111111111111111111111111111111111111111111111"
  },
  "by": "c.diaz@example.com",
  "on": "2026-11-02",
  "until": "2026-12-31"
}
"#;

/// Signed with the key of c.diaz.
pub(super) const DIAZ_SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE
EEV9Bis52OM5bVZRopnz+hc3wICqcuhDdyh7XBTkbepB3B5mq8h1TXWVtsKVycESzaSZDf
XwhKztDsUaHrgOAZLQAAABVhcHByb3ZhbEBwbGltc29sbC5kZXYAAAAAAAAABnNoYTUxMg
AAAGUAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAEoAAAAhAPFk+gPrm6ju8rchwQQFg9Ej
Vld3DHkseakBDcRR6XMRAAAAIQDVzOt5PyEmrZUu/PiTpEgxbz+CLbpOIh7nWREabrkOpA
==
-----END SSH SIGNATURE-----
";

/// The approval by a.lee, signed with the right key for the namespace `file`.
pub(super) const FILE_SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgRbypBTOV6B3rUgGk6ZTiBEeKC+
KF4DZ9xMy8mo3NhHYAAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEDRFluRwJ5+bl6Y8wPmChktGXAT5PWz0yTTM1jTN7XNHzlDMLv/REb8c4Tnmo4rsC
8CT4rf6o5BrC90Z4HFUFwE
-----END SSH SIGNATURE-----
";

/// The same, signed with an RSA key that nobody lists.
pub(super) const RSA_SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBAJSSg1Xz0qPOjBV+Gguow9
Bm7C6/5fHgk853SeBYRUmJ0LItTiGxQruxpaqaAT5rULFCbNbOKcbGCTfjTl1PZJfKAeek
0vNyoksCs+/GjcnvcuiNvI37DhnhqxRUVBGuyXsknk6A0CqG6NMviMkoZbiMI3z4YUpcDm
SWIiW7FhOLKVRrE7ab5SKW6tWlsMdf23O1L36KPyTVrhdB2cX2BCVptoXF5RwZpZbobKyd
pWhHboKfRQ/NOr+6Ws8AfIvKkHZyBCraUzDbB/f10/wuXje2APYl/NL3prwzm/81Eedzi6
sPKPqXWv+IQq1rYfK+XmwG1MbBnJipmDaNtLsFDGcAAAAVYXBwcm92YWxAcGxpbXNvbGwu
ZGV2AAAAAAAAAAZzaGE1MTIAAAEUAAAADHJzYS1zaGEyLTUxMgAAAQBqo2UK+lEIEHdPIi
Swg2YO24el9jVmHNPw5NVpZA0pJZCWIriI/SXkIGPEwc37wHDyPlv6tnzzNeGTei5F8mvY
TWaFfRL3xxS5C7+sCsEkP4wUSzqnS0zAWVx4qE4lXjft0fGuApQNz5fh1uDQfCpIukY4Do
4COgoXO31HuSnTn+9LkEUtHppmUx2XQXEnHk5hde9uXPdcIhkeCudfvcaFAHDdtkvjN74N
b4wZ7tWtlzpb3U8TYxZvketqdXZnXJWdL6+dHmDx1xg7qguAMfsBfnf/4c6BN4a3u1sGzM
08MYn863fI+pmOOz+UhoGyeXgck0WOxme6Fx5iVCPrqcHb
-----END SSH SIGNATURE-----
";
