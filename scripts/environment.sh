# The environment that serve and demo share, each value only where the caller set none. Sourced from the checkout's top.
export DONARA_MODE=${DONARA_MODE:-demo}
export DONARA_VAR=${DONARA_VAR:-$PWD/var}
export DONARA_SECRETS_DIR=${DONARA_SECRETS_DIR:-$PWD/var/secrets}
export PORT=${PORT:-8000}
export DONARA_ORIGIN=${DONARA_ORIGIN:-http://127.0.0.1:$PORT}
export PYTHONUNBUFFERED=1
mkdir -p "$DONARA_VAR"
# People's pictures and names lie in here; nobody else on the machine has any business with them.
chmod o-rwx "$DONARA_VAR"

# Two servers on one port would each answer some requests; better to say so than to start.
require_free_port() {
  .venv/bin/python - "$PORT" <<'PY' || { echo "Port $PORT is in use. Stop what uses it, or choose another: PORT=8001" >&2; exit 1; }
import socket, sys
try:
    socket.create_server(("127.0.0.1", int(sys.argv[1]))).close()
except (OSError, ValueError, OverflowError):
    sys.exit(1)
PY
}
