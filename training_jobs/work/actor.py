"""The part of the system that moves jobs."""

from core.actors import SystemActor

RUNNER = SystemActor("job-runner")
