"""The eight stages, the runner, the training loop, child runs, and the trained pipeline that is served."""
