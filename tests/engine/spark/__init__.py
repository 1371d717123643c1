"""The batch on a real Spark cluster: a master and two workers on loopback, compared with the embedded backend."""
