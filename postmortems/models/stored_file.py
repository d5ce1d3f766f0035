"""A file that was taken in: what it is, whose it is, and which postmortem it belongs to."""

import secrets

from django.db import models
from django.utils import timezone

from postmortems.models.accounts import User
from postmortems.models.postmortem import REF_ALPHABET, Postmortem

ID_LENGTH = 20


def new_file_id() -> str:
    """A random id of 100 bits: nobody finds a file by guessing."""
    return "".join(secrets.choice(REF_ALPHABET) for _place in range(ID_LENGTH))


def is_file_id(text: str) -> bool:
    """Whether a text could be the id of a file."""
    return len(text) == ID_LENGTH and set(text) <= set(REF_ALPHABET)


class StoredFile(models.Model):
    """The row of a file; its bytes lie in the data directory under the same id.

    Until a saved content names it, it is its owner's alone: `claimed_at` is empty, and `postmortem`
    too where there is none yet. From then on it is as readable as the contents that name it.
    `import_id` is the id it had where it came from, which exports call it by; empty for an upload.
    """

    id = models.CharField(max_length=ID_LENGTH, primary_key=True, default=new_file_id)
    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, null=True, related_name="stored_files"
    )
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stored_files")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    import_id = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "created_at"],
                condition=models.Q(claimed_at__isnull=True),
                name="stored_file_unclaimed",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(claimed_at__isnull=True) | models.Q(postmortem__isnull=False),
                name="stored_file_claimed_by_a_postmortem",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def portable_id(self) -> str:
        """What exports call it: another site that it goes to, and comes back from, calls it so too."""
        return self.import_id or self.pk

    @property
    def is_picture(self) -> bool:
        """Whether it was made anew from pixels, and so may be shown on a page."""
        return self.width is not None
