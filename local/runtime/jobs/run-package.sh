#!/bin/sh
# Installs the Python package in this folder into the job's own, then runs MODULE of it, as the training toolkit does
# where a source archive has a setup.py; what the environment has already is not installed again.
#   sh run-package.sh MODULE [ARGUMENT...]
set -e
module=$1
shift
package=$HOME/package
# A setup.py alone is built with the environment's setuptools, which needs no network.
[ -e pyproject.toml ] || isolated=--no-build-isolation
python3 -m pip install --disable-pip-version-check --no-input --no-warn-script-location --quiet \
  --prefix "$package" $isolated .
places='import sys, sysconfig; at = dict.fromkeys(("base", "platbase"), sys.argv[1])
print(sysconfig.get_path("purelib", vars=at) + ":" + sysconfig.get_path("platlib", vars=at))'
PYTHONPATH=$(python3 -c "$places" "$package")${PYTHONPATH:+:$PYTHONPATH}
PATH=$package/bin:$PATH
export PYTHONPATH PATH
exec python3 -m "$module" "$@"
