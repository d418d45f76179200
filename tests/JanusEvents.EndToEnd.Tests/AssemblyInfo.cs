// Each test has a Janus, a host, a database or a browser of its own: two at a time are enough for a small machine.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
