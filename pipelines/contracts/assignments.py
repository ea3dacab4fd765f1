"""BLS's words for the education, experience and training that occupations ask for, from least to most."""

from typing import Literal, get_args

Education = Literal[
    "No formal educational credential",
    "High school diploma or equivalent",
    "Some college, no degree",
    "Postsecondary nondegree award",
    "Associate's degree",
    "Bachelor's degree",
    "Master's degree",
    "Doctoral or professional degree",
]
Experience = Literal["None", "Less than 5 years", "5 years or more"]
Training = Literal[
    "None",
    "Short-term on-the-job training",
    "Moderate-term on-the-job training",
    "Long-term on-the-job training",
    "Internship/residency",
    "Apprenticeship",
]
EDUCATION: tuple[str, ...] = get_args(Education)
EXPERIENCE: tuple[str, ...] = get_args(Experience)
TRAINING: tuple[str, ...] = get_args(Training)
