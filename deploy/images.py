"""Makes the base images of docker-compose.yml ready: pulled, or where none can be, stand-ins built from packages."""

import os
import re
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).parent
COMPOSE = (DEPLOY.parent / "docker-compose.yml").read_text()
PUBLIC: dict[str, str] = dict(re.findall(r"\$\{(\w+_IMAGE):-([^}]+)\}", COMPOSE))
STAND_INS: dict[str, str] = dict(
    re.findall(r"^(\w+)=(.+)$", (DEPLOY / "offline" / "images.env").read_text(), re.MULTILINE)
)


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a command line prints


def docker(*words: str) -> bool:
    """Run docker in silence, and say whether it succeeded."""
    command = ["docker", *words]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own words only
    except FileNotFoundError:
        return False


def here(images: dict[str, str]) -> bool:
    """Whether the engine holds each of these images."""
    return all(docker("image", "inspect", image) for name, image in images.items() if name in PUBLIC)


def pulled(image: str) -> bool:
    """Whether an image is here, or could be pulled now."""
    if docker("image", "inspect", image):
        return True
    say(f"pulling {image}")
    return docker("pull", "--quiet", image)


def settle(*, offline: bool = False) -> dict[str, str]:
    """The variables to set beside the passwords: none where the images that docker-compose.yml names can be had.

    Whoever set them in the environment has chosen. Raises `SystemExit` when the stand-ins cannot be built.
    """
    chosen = {name: os.environ[name] for name in PUBLIC if os.environ.get(name)}
    offline = offline or (chosen.keys() == PUBLIC.keys() and chosen.items() <= STAND_INS.items())
    if not offline and (chosen or here(PUBLIC) or (not here(STAND_INS) and all(map(pulled, PUBLIC.values())))):
        return chosen
    if not here(STAND_INS):
        say("The public images cannot be pulled here, so stand-ins are built from packages; this takes some minutes.")
        built = subprocess.run([str(DEPLOY / "offline" / "build.sh")], check=False)  # noqa: S603 - our own script
        if built.returncode:
            raise SystemExit("The stand-ins could not be built; the reason is above. With a registry none are needed.")
    return STAND_INS


if __name__ == "__main__":
    for key, value in (PUBLIC | settle(offline="--offline" in sys.argv[1:])).items():
        say(f"{key}={value}")
