"""What the commands other than ``run`` and ``serve`` say."""
