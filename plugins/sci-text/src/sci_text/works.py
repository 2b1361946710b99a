"""Works that are cited by the steps and the models."""

from __future__ import annotations

from sci.api import Work

TFIDF = Work(
    "Salton, Gerard and Buckley, Christopher",
    "Term-weighting approaches in automatic text retrieval",
    1988,
    "Information Processing & Management",
    volume="24",
    number="5",
    pages="513-523",
    doi="10.1016/0306-4573(88)90021-0",
)

WORDPIECE = Work(
    "Schuster, Mike and Nakajima, Kaisuke",
    "Japanese and Korean voice search",
    2012,
    "IEEE International Conference on Acoustics, Speech and Signal Processing",
    pages="5149-5152",
    doi="10.1109/ICASSP.2012.6289079",
    kind="inproceedings",
)

BPE = Work(
    "Sennrich, Rico and Haddow, Barry and Birch, Alexandra",
    "Neural Machine Translation of Rare Words with Subword Units",
    2016,
    "Annual Meeting of the Association for Computational Linguistics",
    pages="1715-1725",
    doi="10.18653/v1/P16-1162",
    arxiv="1508.07909",
    kind="inproceedings",
)

UNIGRAM = Work(
    "Kudo, Taku",
    "Subword Regularization: Improving Neural Network Translation Models with Multiple Subword Candidates",
    2018,
    "Annual Meeting of the Association for Computational Linguistics",
    pages="66-75",
    doi="10.18653/v1/P18-1007",
    arxiv="1804.10959",
    kind="inproceedings",
)

RESEMBLANCE = Work(
    "Broder, Andrei Z.",
    "On the resemblance and containment of documents",
    1997,
    "Proceedings of Compression and Complexity of SEQUENCES 1997",
    pages="21-29",
    doi="10.1109/SEQUEN.1997.666900",
    kind="inproceedings",
)

WORD_DROPOUT = Work(
    "Iyyer, Mohit and Manjunatha, Varun and Boyd-Graber, Jordan and Daumé III, Hal",
    "Deep Unordered Composition Rivals Syntactic Methods for Text Classification",
    2015,
    "Annual Meeting of the Association for Computational Linguistics",
    pages="1681-1691",
    doi="10.3115/v1/P15-1162",
    kind="inproceedings",
)

EASY_AUGMENTATION = Work(
    "Wei, Jason and Zou, Kai",
    "EDA: Easy Data Augmentation Techniques for Boosting Performance on Text Classification Tasks",
    2019,
    "Conference on Empirical Methods in Natural Language Processing",
    pages="6382-6388",
    doi="10.18653/v1/D19-1670",
    arxiv="1901.11196",
    kind="inproceedings",
)

SYNONYMS = Work(
    "Zhang, Xiang and Zhao, Junbo and LeCun, Yann",
    "Character-level Convolutional Networks for Text Classification",
    2015,
    "Advances in Neural Information Processing Systems",
    volume="28",
    arxiv="1509.01626",
    kind="inproceedings",
)

BACK_TRANSLATION = Work(
    "Sennrich, Rico and Haddow, Barry and Birch, Alexandra",
    "Improving Neural Machine Translation Models with Monolingual Data",
    2016,
    "Annual Meeting of the Association for Computational Linguistics",
    pages="86-96",
    doi="10.18653/v1/P16-1009",
    arxiv="1511.06709",
    kind="inproceedings",
)

HEAPS = Work(
    "Heaps, Harold Stanley",
    "Information Retrieval: Computational and Theoretical Aspects",
    1978,
    "Academic Press",
    kind="book",
)

SEQ2SEQ = Work(
    "Sutskever, Ilya and Vinyals, Oriol and Le, Quoc V.",
    "Sequence to Sequence Learning with Neural Networks",
    2014,
    "Advances in Neural Information Processing Systems",
    volume="27",
    pages="3104-3112",
    arxiv="1409.3215",
    kind="inproceedings",
)

BERT = Work(
    "Devlin, Jacob and Chang, Ming-Wei and Lee, Kenton and Toutanova, Kristina",
    "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
    2019,
    "Conference of the North American Chapter of the Association for Computational Linguistics",
    pages="4171-4186",
    doi="10.18653/v1/N19-1423",
    arxiv="1810.04805",
    kind="inproceedings",
)

NBSVM = Work(
    "Wang, Sida and Manning, Christopher D.",
    "Baselines and Bigrams: Simple, Good Sentiment and Topic Classification",
    2012,
    "Annual Meeting of the Association for Computational Linguistics",
    pages="90-94",
    kind="inproceedings",
)

TEXT_CNN = Work(
    "Kim, Yoon",
    "Convolutional Neural Networks for Sentence Classification",
    2014,
    "Conference on Empirical Methods in Natural Language Processing",
    pages="1746-1751",
    doi="10.3115/v1/D14-1181",
    arxiv="1408.5882",
    kind="inproceedings",
)

BILSTM = Work(
    "Graves, Alex and Schmidhuber, Jürgen",
    "Framewise phoneme classification with bidirectional LSTM and other neural network architectures",
    2005,
    "Neural Networks",
    volume="18",
    number="5-6",
    pages="602-610",
    doi="10.1016/j.neunet.2005.06.042",
)
