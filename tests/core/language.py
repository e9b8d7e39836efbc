"""Small language models such as somebody would train."""

import torch
from torch import nn

TOKENS = ("h", "e", "l", "o", " ", "<unk>")
TEXT = "hello hole"


class Language(nn.Module):
    """A small language model such as somebody would train."""

    def __init__(self, rnn, width):
        super().__init__()
        self.embed = nn.Embedding(len(TOKENS), 5)
        self.rnn = rnn
        self.head = nn.Linear(width, len(TOKENS))

    def forward(self, ids):
        output, _ = self.rnn(self.embed(ids))
        return output, torch.softmax(self.head(output), dim=-1)


MODELS = {
    "lstm": lambda: Language(nn.LSTM(5, 7), 7),
    "gru": lambda: Language(nn.GRU(5, 4, 2, bidirectional=True, bias=False), 8),
    "rnn-relu": lambda: Language(nn.RNN(5, 6, nonlinearity="relu"), 6),
}
