// Most of them wait: three at a time suit a small machine.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]
