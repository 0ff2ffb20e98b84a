"""What we measure, each as a command."""
