"""One event in, one event out: our worker's light lane beside FastStream and Dramatiq."""
