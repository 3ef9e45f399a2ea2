# What looks at what is emitted, by version, and where each comes from: the package registries that
# the rest of the build uses, into target/tools. Each function prints the folder or the program, or
# fails where it is not to be had.

CHECKOV=3.3.30
KUBERNETES_VALIDATE=1.37.0
FOCUS_VALIDATOR=2.2.1
AJV=8
YAML=2

tools=$PWD/target/tools/emitted
mkdir -p "$tools"

have() { command -v "$1" >/dev/null 2>&1; }

# Once for each version: installs by a command into a folder, and remembers that it went well.
once() {
  local folder=$1 version=$2
  shift 2
  [ "$(cat "$folder/installed" 2>/dev/null)" = "$version" ] && return
  rm -rf "$folder"
  mkdir -p "$folder"
  "$@" "$folder" >"$folder.log" 2>&1 || { tail -3 "$folder.log" >&2; return 1; }
  printf '%s\n' "$version" >"$folder/installed"
}

find_terraform() { command -v terraform; }

# A folder of Terraform's providers, as `terraform providers mirror` and packages lay them out.
find_mirror() {
  local found
  found=$(find -L "$HOME/.terraform.d" /usr/share /usr/local/share /usr/lib /usr/local/lib /opt \
    -maxdepth 5 -type d -path '*/registry.terraform.io/hashicorp' 2>/dev/null | head -1)
  [ -z "$found" ] || dirname "$(dirname "$found")"
}

from_pip() {
  python3 -m venv "$1" && "$1/bin/python" -m pip install --quiet --disable-pip-version-check \
    "checkov==$CHECKOV" "kubernetes-validate==$KUBERNETES_VALIDATE"
}
python_tools() {
  have python3 && have node || return 1
  once "$tools/python" "$CHECKOV $KUBERNETES_VALIDATE" from_pip || return 1
  echo "$tools/python/bin"
}

# A Python that the validator runs on. Where pyenv keeps several, those are tried as well.
find_python_312() {
  local found
  for found in python3 python3.14 python3.13 python3.12 \
    "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python3; do
    if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
      echo "$found"
      return
    fi
  done
  return 1
}
# Only what it imports, and no older numpy than its pyarrow takes: as it is declared it compiles an
# old one for ten minutes, and does not start.
from_pip_focus() {
  local python
  python=$(find_python_312) && "$python" -m venv "$1" &&
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
      'duckdb>=1.4.1,<2' 'graphviz>=0.21,<0.22' 'jsonschema>=4.25.1,<5' 'numpy>=2' 'pandas>=2,<3' \
      'polars>=1.34,<2' pyarrow psutil 'pydantic>=2.12,<3' 'pyyaml>=6.0.3,<7' requests \
      'sqlglot>=27.28.1,<28' &&
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
      "focus-validator==$FOCUS_VALIDATOR"
}
focus_tools() {
  have node || return 1
  once "$tools/focus" "$FOCUS_VALIDATOR" from_pip_focus || return 1
  echo "$tools/focus/bin"
}

# Out of Debian's package, which is unpacked and not installed: nothing is to be started.
from_apt() (
  cd "$1" && { apt-get download prometheus || { apt-get update && apt-get download prometheus; }; } &&
    dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb && usr/bin/promtool --version
)
find_promtool() {
  command -v promtool && return
  have apt-get && have dpkg-deb || return 1
  once "$tools/prometheus" apt from_apt || return 1
  echo "$tools/prometheus/usr/bin/promtool"
}

from_npm() {
  npm install --prefix "$1" --no-audit --no-fund --silent --no-save "ajv@$AJV" "yaml@$YAML"
}
node_tools() {
  have npm || return 1
  once "$tools/node" "$AJV $YAML" from_npm || return 1
  echo "$tools/node"
}
