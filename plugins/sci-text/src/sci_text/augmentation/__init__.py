"""Steps that change training rows anew in each epoch."""
