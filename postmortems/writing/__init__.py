"""What people write and paste, understood: times, chats, whole texts, secrets, words. Pure."""
