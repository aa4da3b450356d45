"""What is asked of the engines feature by feature is asked of the rebuilt hospital too: ``play`` is another one in this folder."""

from tests.simulating.test_features import *  # noqa: F403
