"""What will the ground do next: WaveCastNet at work, beside what else could have been said, and how right it was."""
