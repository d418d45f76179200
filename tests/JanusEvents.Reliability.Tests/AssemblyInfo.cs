// Each test has a MariaDB and a host of its own and waits most of its time: four at a time suit a small machine.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4, Mode = Xunit.Sdk.ParallelMode.All)]
