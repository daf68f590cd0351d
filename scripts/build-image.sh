#!/usr/bin/env bash
# Builds and tries the container image where no Docker engine runs: with buildah, in a chroot, as root. Where one runs,
# `docker build -t konghao .` is all it takes.
#
#   apt-get install -y --no-install-recommends buildah debootstrap
#   scripts/build-image.sh
#
# No registry of images is asked. The base is made here, once: a minimal Debian, with this machine's node, npm, npm
# settings and certificates, so that `npm ci` reaches what it reaches outside. Remove it with `buildah rmi konghao-base`.
set -euo pipefail
cd "$(dirname "$0")/.."
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot

if ! buildah inspect --type image konghao-base >/dev/null 2>&1; then
  root=$(mktemp -d)
  trap 'rm -rf "$root"' EXIT
  debootstrap --variant=minbase bookworm "$root"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
  mkdir -p "$root"/usr/local/{bin,etc,lib/node_modules} "$root"/etc/ssl/certs
  cp "$(node -p process.execPath)" "$root/usr/local/bin/node"
  cp -r "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  cp "$(npm config get globalconfig)" "$root/usr/local/etc/npmrc" || true
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  container=$(buildah from scratch)
  buildah copy --quiet "$container" "$root" / >/dev/null
  buildah commit --quiet --rm "$container" konghao-base >/dev/null
fi

buildah build --network host --build-arg NODE_IMAGE=localhost/konghao-base --format docker --tag konghao .

# As an engine would run it: the image's user and command, then its health check.
of_image() { buildah inspect --type image --format "{{range $1}}{{println .}}{{end}}" konghao | grep .; }
mapfile -t command < <(of_image .OCIv1.Config.Entrypoint; of_image .OCIv1.Config.Cmd)
mapfile -t health < <(of_image 'slice .Docker.Config.Healthcheck.Test 1')
container=$(buildah from konghao)
coproc { exec buildah run --network host "$container" -- "${command[@]}" 2>&1; }
server=$COPROC_PID
trap 'kill "$server" || true; buildah rm "$container" >/dev/null; rm -rf "${root:-}"' EXIT
sed '/ready on/q' <&"${COPROC[0]}"
buildah run --network host "$container" -- "${health[@]}"
echo "healthy, as user $(buildah run "$container" -- id --user)"
