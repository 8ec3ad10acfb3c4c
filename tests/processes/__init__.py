"""Real processes on the test's own database: a web server, a worker, whatever is killed."""
