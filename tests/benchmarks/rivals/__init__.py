"""Programs that train the workload of the current folder, each in the way that its name says."""
