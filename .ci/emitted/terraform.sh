#!/usr/bin/env bash
# Lets Terraform look at one module: `fmt`, `init`, `validate`, and for AWS a plan with made-up
# credentials, which is read back against the spec. Prints one line for each part: what was done,
# and how it went.
#
#   terraform.sh TERRAFORM MODULE
set -euo pipefail
terraform=$1 module=$2
kind=$(basename "$module")
spec=$(dirname "$(dirname "$module")")/spec.json
here=$(cd "$(dirname "$0")" && pwd)

say() { printf '%s\t%s\t%s\n' "$kind" "$1" "$2"; }
failed() {
  say "FAULT" "$module: $1: $(tr '\n' ' ' <"$module.log" | cut -c1-2000)"
  exit 1
}

"$terraform" -chdir="$module" fmt -check -diff >"$module.log" 2>&1 || failed "fmt"
say "fmt" "-"

# The providers of a mirror where there is one with them, or the registry's, which a machine without
# a network cannot ask.
from_mirror=()
wanted=$(cat "$module"/*.tf |
  sed -n 's/.*source *= *"\(hashicorp\/[a-z-]*\)".*/\1/p' | sort -u)
mirrored=true
for source in $wanted; do
  [ -d "${TERRAFORM_MIRROR:-/nowhere}/registry.terraform.io/$source" ] || mirrored=false
done
[ "$mirrored" = false ] || from_mirror=("-plugin-dir=$TERRAFORM_MIRROR")
if ! timeout 120 "$terraform" -chdir="$module" init -input=false -backend=false -no-color \
  "${from_mirror[@]}" >"$module.log" 2>&1; then
  [ "$mirrored" = false ] || failed "init"
  say "NOT" "validated or planned: the provider $(echo $wanted) is not to be had here"
  exit 0
fi
"$terraform" -chdir="$module" validate -json >"$module.log" 2>&1 || failed "validate"
providers=$(sed -n 's/^provider ".*\/\(.*\)" {/\1/p; s/^ *version *= "\(.*\)"/\1/p' \
  "$module/.terraform.lock.hcl" | tr '\n' ' ')
say "init and validate" "${providers% }"

# Only the provider of AWS plans without asking the cloud.
[ "$wanted" = hashicorp/aws ] || exit 0
node "$here/plan.mjs" prepare "$spec" "$module"
"$terraform" -chdir="$module" plan -input=false -no-color -refresh=false -lock=false \
  -var-file=checked.tfvars.json -out=checked.plan >"$module.log" 2>&1 || failed "plan"
"$terraform" -chdir="$module" show -json checked.plan >"$module/checked.json" 2>"$module.log" ||
  failed "show"
# The same beside a cluster, which wants less of it and asks for less.
if [ "$kind" = terraform-aws ]; then
  "$terraform" -chdir="$module" plan -input=false -no-color -refresh=false -lock=false \
    -var-file=checked.cluster.tfvars.json -out=checked.cluster.plan >"$module.log" 2>&1 ||
    failed "plan beside a cluster"
  "$terraform" -chdir="$module" show -json checked.cluster.plan \
    >"$module/checked.cluster.json" 2>"$module.log" || failed "show"
fi
# Everything is made with made-up answers, which writes nothing anywhere.
if [ "$kind" = terraform-aws ]; then
  cp -r "$module/.terraform" "$module/.terraform.lock.hcl" "$module/checked-made/"
  "$terraform" -chdir="$module/checked-made" test -json -verbose \
    -var-file=../checked.tfvars.json >"$module/checked.made.json" 2>"$module.log" || {
    grep '"@level":"error"' "$module/checked.made.json" >>"$module.log" || true
    failed "test"
  }
fi
read_back=$(node "$here/plan.mjs" compare "$spec" "$module" 2>"$module.log") || failed "read back"
say "plan" "$read_back"
